import type { Context } from "../context";
import { log } from "../platform/log";
import { lateSchedules } from "../schedules/schedule";

/** How often a server says that all is well. */
const BEAT_MS = 4 * 60_000;
const ANSWER_MS = 10_000;

/** An error that says what is not well: the state or the warehouse does not answer, or a schedule is late. */
async function assertWell(context: Context, now: Date): Promise<void> {
  await context.state.now();
  await context.warehouse.query("SELECT 1 AS one");
  const late = await lateSchedules(context, now);
  if (late.length > 0) throw new Error(`late: the schedule ${late.map(({ id }) => id).join(" and ")}`);
}

/**
 * One beat: a GET of FULLCOURT_HEARTBEAT_URL where all is well. Gives what is wrong, or null; an error is logged where
 * the last beat had none.
 */
export async function beatOnce(context: Context, last: string | null = null, now = new Date()): Promise<string | null> {
  const { heartbeatUrl } = context.config;
  if (!heartbeatUrl) return null;
  try {
    await assertWell(context, now);
    const { ok, status } = await fetch(heartbeatUrl, { signal: AbortSignal.timeout(ANSWER_MS) });
    if (!ok) throw new Error(`FULLCOURT_HEARTBEAT_URL answers ${status}`);
    return null;
  } catch (error) {
    // The address may hold a secret, and fetch names it nowhere.
    if (last === null) log.error({ error: String(error) }, "no heartbeat is sent");
    return String(error);
  }
}

/** Sends heartbeats while all is well, so that silence tells a dead man's switch elsewhere; until the context is closed. */
export function startHeartbeat(context: Context): void {
  if (!context.config.heartbeatUrl) return;
  let wrong: string | null = null;
  let beating: Promise<void> | undefined;
  const beat = () => {
    beating ??= beatOnce(context, wrong)
      .then((found) => {
        wrong = found;
      })
      .finally(() => {
        beating = undefined;
      });
  };
  const timer = setInterval(beat, BEAT_MS).unref();
  beat();
  context.closing.push(async () => {
    clearInterval(timer);
    await beating;
  });
}
