import type { Database } from "./db";

/**
 * Records the versions of the models, by table, as they are at a time (ISO 8601); gives since when each is what it is. A
 * model that is seen for the first time has not changed, as far as anybody knows: it is not among them.
 */
export async function recordModelVersions(
  db: Database,
  versions: ReadonlyMap<string, string>,
  at: string,
): Promise<Map<string, string>> {
  const rows = await db.selectFrom("modelVersions").selectAll().execute();
  const known = new Map(rows.map((row) => [row.table, row]));
  const since = new Map<string, string>();
  for (const [table, version] of versions) {
    const before = known.get(table);
    if (before?.version === version) {
      if (before.since !== "") since.set(table, before.since);
      continue;
    }
    const row = { table, version, since: before ? at : "" };
    if (before) since.set(table, at);
    await db
      .insertInto("modelVersions")
      .values(row)
      .onConflict((conflict) => conflict.column("table").doUpdateSet({ version, since: row.since }))
      .execute();
  }
  return since;
}
