import { afterAll, describe } from "vitest";
import { openState, type State } from "@/server/state/db";
import type { Engine } from "@/server/state/migrations";
import { hasPostgres, LocalPostgres } from "./postgres";

/** Opens a new, empty state, or one more process's way to the last one. */
export interface States {
  engine: Engine;
  open(): Promise<State>;
  /** The address of the Postgres; undefined on SQLite. */
  url(): Promise<string | undefined>;
}

/** The same tests on both engines: SQLite, in memory, and a real Postgres. */
export function onBothEngines(name: string, tests: (states: States) => void): void {
  for (const engine of ["sqlite", "postgres"] as const)
    describe.skipIf(engine === "postgres" && !hasPostgres)(`${name} on ${engine}`, () => {
      let server: LocalPostgres | undefined;
      let databases = 0;
      const url = async () => {
        if (engine === "sqlite") return undefined;
        server ??= await LocalPostgres.start();
        return server.createDatabase(`state_${++databases}`);
      };
      afterAll(() => server?.stop());
      tests({ engine, url, open: async () => openState({ databaseUrl: await url() }) });
    });
}
