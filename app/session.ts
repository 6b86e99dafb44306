import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { cache } from "react";
import { type Actor, hasRole, type Role } from "@/lib/access/roles";
import { identify } from "@/server/access/identify";
import { type Context, serverContext } from "@/server/context";

/** Who looks at a page; null for nobody. Asked once a request. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  await connection();
  return identify(await serverContext(), await headers(), "web");
});

/** The context for a page that needs a role; redirects to sign-in if nobody is signed in. */
export async function pageContext(needed: Role = "viewer"): Promise<{ context: Context; actor: Actor }> {
  const actor = await currentActor();
  if (!actor) redirect(`/sign-in?next=${encodeURIComponent((await headers()).get("x-path") ?? "/")}`);
  if (!hasRole(actor.role, needed)) redirect("/");
  return { context: await serverContext(), actor };
}
