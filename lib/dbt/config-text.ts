import type { Table } from "../engine/pipeline/types";
import { DBT_LAYER } from "./manifest";

/** fullcourt.dbt.ts: the tables that a manifest gave, as a file that can be read and changed. */
export const dbtFile = (tables: readonly Table[]): string => `import type { Table } from "fullcourt";

/**
 * Tables that dbt writes and the grid shows, made from its manifest.json: \`fullcourt init --dbt FILE\` generates it again.
 * Nothing here is ever written by Fullcourt.
 */
export const DBT: readonly Table[] = ${JSON.stringify(tables, null, 2)};
`;

/** fullcourt.config.ts, commented: the pipeline that comes along, and dbt's tables where there are some. */
export const configFile = (withDbt: boolean): string => `import { defineConfig, definePipeline, nba } from "fullcourt";
${withDbt ? 'import { DBT } from "./fullcourt.dbt";\n' : ""}
/**
 * The pipeline of this installation: its tables in the order in which the grid shows them. Everything else derives
 * from it: grid, graph, checks, plans, commands, API and docs. After a change, start again.
 */
export default defineConfig({
  pipeline: definePipeline({
    ...nba,
${withDbt ? `    layers: [...nba.layers, ${JSON.stringify(DBT_LAYER)}],\n` : ""}    tables: [
      // The ten NBA tables. Leave some of them out: [...nba.tables.filter((table) => table.layer === "analytics")].
      ...nba.tables,
      // A table of your own is one file, as those of lib/pipelines/nba/processors: docs/adding-a-table.md walks through it.
      // playerScoringStreak,
      // What a job of yours makes instead of a model: docs/jobs.md.
${withDbt ? "      // Tables that dbt writes: shown, never written.\n      ...DBT,\n" : "      // Tables that dbt writes come in by `fullcourt init --dbt target/manifest.json`: docs/dbt.md.\n"}    ],
  }),
});
`;
