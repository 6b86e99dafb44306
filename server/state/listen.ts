import { sql } from "kysely";
import pg from "pg";
import { log } from "../platform/log";
import type { Database } from "./db";

/** A connection that is silent for so long is asked whether it is still there. */
const CHECK_MS = 30_000;
const ANSWER_MS = 10_000;
/** Pauses before a connection that broke is made again. */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/** Sends a text of less than 8,000 bytes to all who listen to a channel of a Postgres. */
export async function notify(db: Database, channel: string, text: string): Promise<void> {
  await sql`SELECT pg_notify(${channel}, ${text})`.execute(db);
}

/**
 * Hears what is sent to a channel of a Postgres (NOTIFY), over a connection of its own that is made again when it
 * breaks; `missed` is called then: nothing of what was sent meanwhile is heard. Until the function that it gives is
 * called. Where a pooler keeps LISTEN from working, nothing is heard.
 */
export function listen(
  connectionString: string,
  channel: string,
  heard: (text: string) => void,
  missed: () => void,
): () => Promise<void> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let failures = 0;
  let wasConnected = false;

  const connect = async () => {
    const own = new pg.Client({
      connectionString,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    client = own;
    let isOver = false;
    const over = (error?: unknown) => {
      if (isOver) return;
      isOver = true;
      clearInterval(check);
      own.end().catch(() => undefined);
      if (isStopped) return;
      if (failures++ === 0) log.warn({ error: String(error ?? "ended") }, "events of other servers are not heard");
      timer = setTimeout(connect, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS)).unref();
    };
    const check = setInterval(() => own.query("SELECT 1").catch(over), CHECK_MS).unref();
    own.on("error", over);
    own.on("end", over);
    own.on("notification", ({ payload }) => payload && heard(payload));
    try {
      await own.connect();
      await own.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      return over(error);
    }
    failures = 0;
    if (wasConnected) missed();
    wasConnected = true;
  };

  void connect();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await client?.end().catch(() => undefined);
  };
}
