import { userInfo } from "node:os";
import type { Actor } from "@/lib/access";
import type { Context } from "./context";
import { scopeNow } from "./scope";
import { addDeed } from "./state/audit";

export type Deed =
  | "launch"
  | "cancel"
  | "resume"
  | "import"
  | "repair"
  | "demo"
  | "sync"
  | "backup"
  | "gaps.accept"
  | "gaps.withdraw"
  | "sign-in"
  | "sign-in.failed"
  | "sign-out"
  | "sessions.end"
  | "users.add"
  | "users.role"
  | "users.password"
  | "users.remove"
  | "tokens.create"
  | "tokens.revoke";

/** This machine's user at the command line; may do everything, as the files are theirs. */
export function localActor(): Actor {
  let name = "local";
  try {
    name = userInfo().username;
  } catch {
    // A user without a name, as containers have them.
  }
  return { name, role: "admin", via: "cli" };
}

/** Records what the scope's actor has done; the server's own deeds are its own. */
export async function audit(context: Pick<Context, "state">, deed: Deed, subject: string): Promise<void> {
  await addDeed(context.state.db, scopeNow().actor ?? { name: "server", via: "server" }, deed, subject);
}
