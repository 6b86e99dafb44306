import { type Database, oneAtATime } from "./db";
import type { CellChange, Task } from "./schema";

/** The states of a stretch of dates as they were last seen: a text of one letter a date, by table. */
export interface SeenStates {
  /** The first date of the texts. */
  start: string;
  states: Record<string, string>;
}

/** A cell whose letter is not the one that was seen before. */
export interface LetterChange {
  table: string;
  /** Days after the first date. */
  day: number;
  from: string;
  to: string;
}

/** Tasks that have written, or may have, since a time: whose work a change may be. The last one comes last. */
export type Writer = Pick<Task, "runId" | "table" | "dates">;

/** Any number will do, as long as nobody else's lock in this database has it. */
const HISTORY_LOCK = 44_701;
const ROWS_AT_ONCE = 500;

/** Letters that differ; a table that was not seen before has nothing to be compared with. */
function lettersChanged(before: SeenStates, now: SeenStates): LetterChange[] {
  if (before.start !== now.start) return [];
  return Object.entries(now.states).flatMap(([table, letters]) => {
    const known = before.states[table];
    if (known === undefined || known === letters) return [];
    return [...letters].flatMap((to, day) => {
      const from = known[day] ?? to;
      return from === to ? [] : [{ table, day, from, to }];
    });
  });
}

/**
 * Keeps what was seen under a name, and as changes what differs from what was seen before, by whichever process:
 * both or neither. What is seen for the first time is where the history begins.
 */
export async function recordSeen(
  db: Database,
  name: string,
  seen: SeenStates,
  toChange: (change: LetterChange, writers: readonly Writer[]) => Omit<CellChange, "id" | "at">,
): Promise<void> {
  const key = `seen ${name}`;
  const find = (of: Database) => of.selectFrom("memories").selectAll().where("key", "=", key).executeTakeFirst();
  const content = JSON.stringify(seen);
  const known = await find(db);
  // Most looks find what the last one did.
  if (known && JSON.stringify(known.content) === content) return;
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, HISTORY_LOCK);
    const before = await find(inside);
    const at = new Date().toISOString();
    const changed = before ? lettersChanged(before.content as SeenStates, seen) : [];
    if (before && changed.length > 0) {
      const writers = await writersSince(inside, before.updatedAt);
      const rows = changed.map((change) => ({ ...toChange(change, writers), at }));
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
        await inside
          .insertInto("cellChanges")
          .values(rows.slice(from, from + ROWS_AT_ONCE))
          .execute();
    }
    await inside
      .insertInto("memories")
      .values({ key, content, updatedAt: at })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ content, updatedAt: at }))
      .execute();
  });
}

const writersSince = (db: Database, at: string): Promise<Writer[]> =>
  db
    .selectFrom("tasks")
    .select(["runId", "table", "dates"])
    .where("startedAt", "is not", null)
    .where("status", "in", ["running", "succeeded"])
    .where((eb) => eb.or([eb("endedAt", "is", null), eb("endedAt", ">=", at)]))
    .orderBy("id")
    .execute();

/** The changes of a cell's state, newest first. */
export const changesOfCell = (db: Database, table: string, date: string, limit = 20) =>
  db
    .selectFrom("cellChanges")
    .select(["at", "from", "to", "runId"])
    .where("table", "=", table)
    .where("date", "=", date)
    .orderBy("id", "desc")
    .limit(limit)
    .execute();

/** What a run changed, in order. */
export const changesOfRun = (db: Database, runId: string) =>
  db.selectFrom("cellChanges").select(["table", "date", "from"]).where("runId", "=", runId).orderBy("id").execute();

/** The changes of all cells since a date, in order. */
export const changesSince = (db: Database, date: string) =>
  db
    .selectFrom("cellChanges")
    .select(["table", "date", "from", "to", "at"])
    .where("at", ">=", date)
    .orderBy("id")
    .execute();

/** The states of all cells as they were seen last. */
export async function seenStates(db: Database): Promise<SeenStates[]> {
  const rows = await db.selectFrom("memories").select("content").where("key", "like", "seen %").execute();
  return rows.map(({ content }) => content as SeenStates);
}
