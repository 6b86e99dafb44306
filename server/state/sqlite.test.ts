import { Kysely } from "kysely";
import { expect, it } from "vitest";
import { openSqlite, sqliteDialect } from "./sqlite";

it("a transaction that meets a full disk says so, and leaves nothing", async () => {
  const file = openSqlite(":memory:");
  const db = new Kysely<{ notes: { text: string } }>({ dialect: sqliteDialect(file) });
  await db.schema.createTable("notes").addColumn("text", "text").execute();
  file.exec("PRAGMA max_page_count = 20");
  const writing = db.transaction().execute(async (transaction) => {
    for (let i = 0; i < 100; i++)
      await transaction
        .insertInto("notes")
        .values({ text: "x".repeat(10_000) })
        .execute();
  });
  await expect(writing).rejects.toThrow("database or disk is full");
  expect(await db.selectFrom("notes").selectAll().execute()).toEqual([]);
  await db.destroy();
});
