import { eq } from "drizzle-orm";
import type { Memory } from "../warehouse";
import type { Database } from "./db";
import { memories } from "./schema";

/** The state as a warehouse's memory of what it has seen. */
export function memoryOf(db: Database): Memory {
  return {
    async get(key) {
      return (await db.select().from(memories).where(eq(memories.key, key)))[0]?.value;
    },
    async set(key, value) {
      const updatedAt = new Date().toISOString();
      await db
        .insert(memories)
        .values({ key, value, updatedAt })
        .onConflictDoUpdate({ target: memories.key, set: { value, updatedAt } });
    },
  };
}
