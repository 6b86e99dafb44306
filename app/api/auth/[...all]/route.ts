import { authOf } from "@/server/access/auth";
import { serverContext } from "@/server/context";

/** Sign-in and sign-out, by better-auth; nothing where nobody signs in. */
async function handle(request: Request): Promise<Response> {
  const auth = authOf(await serverContext());
  if (auth) return auth.handler(request);
  return Response.json(
    { error: { code: "unknown_route", message: "Nobody signs in here.", hint: "FULLCOURT_AUTH_SECRET sets it up." } },
    { status: 404 },
  );
}

export { handle as GET, handle as POST };
