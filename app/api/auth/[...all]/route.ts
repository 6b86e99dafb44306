import { FullcourtError } from "@/lib/errors";
import { authOf } from "@/server/access/auth";
import { CLIENT, clientAddress } from "@/server/access/peer";
import { type Context, serverContext } from "@/server/context";
import { answerError } from "@/server/http";
import { MAX_SIGN_IN_BYTES, readBytes } from "@/server/http/body";
import { limitRate, TooManyRequests } from "@/server/http/rate";
import { runWithContext } from "@/server/platform/request-context";
import { beginAttempt } from "@/server/state/attempts";

type Auth = NonNullable<ReturnType<typeof authOf>>;

/** Sign-in and sign-out, by better-auth; nothing where nobody signs in. */
async function handle(request: Request): Promise<Response> {
  try {
    const context = await serverContext();
    const auth = authOf(context);
    if (!auth) throw new FullcourtError("unknown_route", "Nobody signs in here.", "FULLCOURT_AUTH_SECRET sets it up.");
    await limitRate(request.headers, context.config);
    const address = clientAddress(request.headers, context.config.trustedProxies);
    const headers = new Headers(request.headers);
    if (address) headers.set(CLIENT, address);
    else headers.delete(CLIENT);
    const { url, method } = request;
    const body = method === "POST" ? await readBytes(request, MAX_SIGN_IN_BYTES) : null;
    const bounded = new Request(url, { method, headers, body });
    const isPassword = method === "POST" && new URL(url).pathname.endsWith("/sign-in/email");
    return await runWithContext({ address }, () =>
      isPassword ? byPassword(context, auth, bounded, { email: emailIn(body), address }) : auth.handler(bounded),
    );
  } catch (error) {
    return answerError(error, request);
  }
}

/** Signs in by password, slower with each wrong one. */
async function byPassword(
  { state }: Context,
  auth: Auth,
  request: Request,
  who: { email: string; address: string },
): Promise<Response> {
  const attempt = await beginAttempt(state.db, who);
  if ("waitMs" in attempt)
    throw new TooManyRequests("Too many wrong passwords for this address.", Math.ceil(attempt.waitMs / 1000));
  const answer = await auth.handler(request).catch(async (error) => {
    await attempt.withdraw();
    throw error;
  });
  if (answer.ok) await attempt.succeed();
  // The limit by address, or a fault: no password was looked at.
  else if (answer.status === 429 || answer.status >= 500) await attempt.withdraw();
  return answer;
}

/** The address that somebody signs in with; "" where the body has none. */
function emailIn(body: Buffer | null): string {
  try {
    const { email } = JSON.parse(body?.toString("utf8") ?? "");
    return typeof email === "string" ? email : "";
  } catch {
    return "";
  }
}

export { handle as GET, handle as POST };
