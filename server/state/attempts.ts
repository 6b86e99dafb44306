import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { clientKey } from "../access/peer";
import type { Database } from "./db";

/** Wrong passwords that cost nothing, and what the next ones do: half a minute, doubled each time, at most 15 minutes. */
const FREE = 5;
const FIRST_PAUSE_MS = 30_000;
const MAX_PAUSE_MS = 900_000;
/** A day without a wrong password, and they are forgotten. */
const KEEP_MS = 86_400_000;

/** Milliseconds to wait after so many wrong passwords. */
export const pauseAfter = (failures: number): number =>
  failures < FREE ? 0 : Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FREE));

/**
 * Whose tries are counted together: an account's, from any address, and apart from those the ones that come from an
 * address at which its owner has signed in: nobody elsewhere can keep the owner out.
 */
async function accountKey(db: Database, email: string, address: string): Promise<string> {
  const own = clientKey(address);
  const known = await db
    .selectFrom("audit")
    .select("address")
    .where("actor", "=", email)
    .where("deed", "=", "sign-in")
    // A household of IPv6 has a new address each day.
    .where("address", "like", isIPv6(address) ? "%:%" : address)
    .groupBy("address")
    .execute();
  const isKnown = known.some((one) => one.address !== null && clientKey(one.address) === own);
  // What people type there may be anything, a password too: it is not kept.
  return createHash("sha256")
    .update(`${email}\n${isKnown ? own : ""}`)
    .digest("hex");
}

/**
 * Counts a try to sign in to an account, before its password is looked at: tries at once are as many tries. Gives the
 * milliseconds to wait where it may not be made, else what forgets the count, for a password that was right, and what
 * takes this try back, for one whose password was not looked at.
 */
export async function beginAttempt(
  db: Database,
  given: { email: string; address: string },
  now = Date.now(),
): Promise<{ waitMs: number } | { succeed: () => Promise<void>; withdraw: () => Promise<void> }> {
  const account = await accountKey(db, given.email.trim().toLowerCase(), given.address);
  const at = new Date(now).toISOString();
  const old = new Date(now - KEEP_MS).toISOString();
  await db.deleteFrom("signInAttempts").where("at", "<", old).execute();
  const own = () => db.selectFrom("signInAttempts").selectAll().where("account", "=", account).executeTakeFirst();
  for (let known = await own(); ; known = await own()) {
    const waitMs = known ? Date.parse(known.at) + pauseAfter(known.failures) - now : 0;
    if (waitMs > 0) return { waitMs };
    const counted = known
      ? await db
          .updateTable("signInAttempts")
          .set({ failures: known.failures + 1, at })
          .where("account", "=", account)
          .where("failures", "=", known.failures)
          .returning("account")
          .execute()
      : await db
          .insertInto("signInAttempts")
          .values({ account, failures: 1, at })
          .onConflict((conflict) => conflict.column("account").doNothing())
          .returning("account")
          .execute();
    if (counted.length > 0)
      return {
        succeed: async () => {
          await db.deleteFrom("signInAttempts").where("account", "=", account).execute();
        },
        withdraw: async () => {
          const { failures, at: before } = known ?? { failures: 0, at };
          await db
            .updateTable("signInAttempts")
            .set({ failures, at: before })
            .where("account", "=", account)
            .where("failures", "=", failures + 1)
            .execute();
          await db.deleteFrom("signInAttempts").where("account", "=", account).where("failures", "=", 0).execute();
        },
      };
    // Somebody else's try came between: it counts too.
  }
}
