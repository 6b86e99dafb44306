import { sql } from "kysely";
import type { Alert, Incident } from "@/lib/engine/alerts";
import { type Database, engineOf, oneAtATime, timeIn } from "./db";
import type { OutboxRow, Run } from "./schema";

/** Any number: what opens and closes incidents on one state goes one after another. */
const ALERT_LOCK = 4_712;

/** Longer than any one sending takes: until then a row is its sender's alone. */
const CLAIM_SECONDS = 120;

/** Seconds before an interrupted run alerts, because its server may be about to resume it. */
const RESUMED_WITHIN_S = 600;

/** The receiver of a row that says only that a run has ended: the process that takes it decides the recipients. */
export const RUN_END = "";

/** Notes the end of a run, in the transaction that ends it. */
export async function addRunEnd(transaction: Database, runId: string, status: Run["status"]): Promise<void> {
  const nextAt = timeIn(transaction, status === "interrupted" ? RESUMED_WITHIN_S : 0);
  await transaction
    .insertInto("alertsOutbox")
    .values({ alert: runId, receiver: RUN_END, content: null, createdAt: timeIn(transaction), nextAt })
    .onConflict((conflict) =>
      conflict.columns(["alert", "receiver"]).doUpdateSet({ nextAt, tries: 0, deliveredAt: null, givenUpAt: null }),
    )
    .execute();
}

/** Adds an alert for some receivers; one that is there already is not added again. */
async function addAlert(transaction: Database, alert: Alert, receivers: readonly string[]): Promise<void> {
  const now = timeIn(transaction);
  const rows = receivers.map((receiver) => ({
    alert: alert.id,
    receiver,
    content: alert,
    createdAt: now,
    nextAt: now,
  }));
  if (rows.length > 0)
    await transaction
      .insertInto("alertsOutbox")
      .values(rows)
      .onConflict((conflict) => conflict.columns(["alert", "receiver"]).doNothing())
      .execute();
}

/** How an alert's receivers are found. */
type Route = (alert: Alert) => readonly string[];

/**
 * Opens an incident and adds its alert. An open one alerts again only for cells that it does not have yet:
 * `make` gives the alert of those.
 */
export async function openIncident(
  db: Database,
  key: string,
  cells: readonly string[],
  make: (fresh: string[]) => Alert,
  route: Route,
): Promise<void> {
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, ALERT_LOCK);
    const known = (await findIncident(inside, key))?.content;
    const fresh = cells.filter((cell) => !known?.cells.includes(cell));
    if (known && fresh.length === 0) return;
    const alert = make(fresh);
    const { id, event, tables } = alert;
    const content = { alert: { id, event, tables }, cells: [...(known?.cells ?? []), ...fresh] };
    await inside
      .insertInto("incidents")
      .values({ key, content, openedAt: timeIn(inside) })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ content }))
      .execute();
    await addAlert(inside, alert, route(alert));
  });
}

/** Closes an incident and adds the alert that it is over; nothing where none is open. */
export async function closeIncident(
  db: Database,
  key: string,
  make: (incident: Incident) => Alert,
  route: Route,
): Promise<void> {
  await db.transaction().execute(async (inside) => {
    await oneAtATime(inside, ALERT_LOCK);
    const known = await findIncident(inside, key);
    if (!known) return;
    await inside.deleteFrom("incidents").where("key", "=", key).execute();
    const alert = make(known.content);
    await addAlert(inside, alert, route(alert));
  });
}

/** Adds alerts that nothing ends, with `work` in their transaction. */
export async function addAlerts(
  db: Database,
  alerts: readonly Alert[],
  route: Route,
  work: (inside: Database) => Promise<void> = async () => undefined,
): Promise<void> {
  await db.transaction().execute(async (inside) => {
    await work(inside);
    for (const alert of alerts) await addAlert(inside, alert, route(alert));
  });
}

const findIncident = (db: Database, key: string) =>
  db.selectFrom("incidents").selectAll().where("key", "=", key).executeTakeFirst();

/** Incidents that are open. */
export const listIncidents = (db: Database) => db.selectFrom("incidents").selectAll().orderBy("key").execute();

/** Takes the next row that is due; for two minutes it is nobody else's. Its tries count this one. */
export async function claimDue(db: Database): Promise<OutboxRow | undefined> {
  return db.transaction().execute(async (inside) => {
    const due = await inside
      .selectFrom("alertsOutbox")
      .select("id")
      .where("deliveredAt", "is", null)
      .where("givenUpAt", "is", null)
      .where("nextAt", "<=", timeIn(inside))
      .orderBy("nextAt")
      .orderBy("id")
      .limit(1)
      .$if(engineOf(inside) === "postgres", (query) => query.forUpdate().skipLocked())
      .executeTakeFirst();
    if (!due) return undefined;
    return inside
      .updateTable("alertsOutbox")
      .set({ tries: sql`tries + 1`, nextAt: timeIn(inside, CLAIM_SECONDS) })
      .where("id", "=", due.id)
      .returningAll()
      .executeTakeFirst();
  });
}

/** Says what came of a row that was taken: nothing where another has taken it since. */
export async function settle(
  db: Database,
  { id, tries }: Pick<OutboxRow, "id" | "tries">,
  outcome: "delivered" | "givenUp" | { againIn: number },
): Promise<void> {
  const values =
    outcome === "delivered"
      ? { deliveredAt: timeIn(db) }
      : outcome === "givenUp"
        ? { givenUpAt: timeIn(db) }
        : { nextAt: timeIn(db, outcome.againIn) };
  await db.updateTable("alertsOutbox").set(values).where("id", "=", id).where("tries", "=", tries).execute();
}
