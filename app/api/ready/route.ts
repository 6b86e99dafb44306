import { identify } from "@/server/access/identify";
import { route } from "@/server/http";
import { checkReadiness } from "@/server/ready";

/** Whether the server can do what it is for; 503 where it cannot. What is wrong is told to viewers alone. */
export const GET = route(
  async (context, request) => {
    const { ok, status, ...details } = await checkReadiness(context);
    const mayKnow = (await identify(context, request.headers, "api").catch(() => null)) !== null;
    return Response.json({ ok, status, ...(mayKnow ? details : {}) }, { status: ok ? 200 : 503 });
  },
  { needs: "nobody" },
);
