import type { KeyValueStore } from "../warehouse";
import type { Database } from "./db";

/** The state as a warehouse's memory of what it has seen. */
export function keyValueStore(db: Database): KeyValueStore {
  return {
    async get(key) {
      return (await db.selectFrom("memories").select("content").where("key", "=", key).executeTakeFirst())?.content;
    },
    async set(key, value) {
      // Text and numbers are JSON here too.
      const content = JSON.stringify(value);
      const updatedAt = new Date().toISOString();
      await db
        .insertInto("memories")
        .values({ key, content, updatedAt })
        .onConflict((conflict) => conflict.column("key").doUpdateSet({ content, updatedAt }))
        .execute();
    },
  };
}
