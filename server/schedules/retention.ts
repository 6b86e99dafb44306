import { Cron } from "croner";
import type { Context } from "../context";
import { log } from "../platform/log";
import { keyValueStore } from "../state/key-value-store";
import { type Removed, removeOld } from "../state/retention";

const NIGHTLY = "30 3 * * *";
const DAY_MS = 86_400_000;
const LAST = "retention";

/** Removes what is older than the settings keep it, and says what it was. */
async function sweep(context: Pick<Context, "state" | "config">): Promise<Removed> {
  const { keepRunsDays: runs, keepPlansDays: plans, keepAuditDays: audit, keepHistoryDays: history } = context.config;
  const removed = await removeOld(context.state.db, { runs, plans, audit, history });
  context.state.compact();
  await keyValueStore(context.state.db).set(LAST, new Date().toISOString());
  log.info(removed, "removed what is older than it is kept");
  return removed;
}

/** Sweeps each night, and now where the last time was over a day ago; it ends with the context. */
export async function startRetention(context: Context): Promise<void> {
  const run = async () => {
    await sweep(context).catch((error) => log.error({ error: String(error) }, "old records could not be removed"));
  };
  const cron = new Cron(NIGHTLY, { protect: true, unref: true }, run);
  context.closing.push(async () => cron.stop());
  const last = (await keyValueStore(context.state.db).get(LAST)) as string | undefined;
  if (!last || Date.now() - Date.parse(last) > DAY_MS) await run();
}
