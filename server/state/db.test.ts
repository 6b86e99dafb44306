import { afterAll, beforeAll, expect, it } from "vitest";
import { hasPostgres, LocalPostgres } from "@/tests/support/postgres";
import { openState, type State } from "./db";
import { listRuns } from "./runs";

let postgres: LocalPostgres;
beforeAll(async () => {
  if (hasPostgres) postgres = await LocalPostgres.start();
});
afterAll(() => postgres?.stop());

it.skipIf(!hasPostgres)(
  "servers that start at once on an empty Postgres make its tables once, and those that come later find them",
  async () => {
    const open = () => openState({ databaseUrl: postgres.url });
    const states: State[] = await Promise.all(Array.from({ length: 8 }, open));
    states.push(await open());
    for (const state of states) expect(await listRuns(state.db)).toEqual([]);
    await Promise.all(states.map((state) => state.close()));
  },
);
