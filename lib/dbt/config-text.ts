import type { ObservedProcessor } from "../engine/pipeline/compiled";

/** fullcourt.dbt.ts: the tables that a manifest gave, as a file that can be read and changed. */
export const dbtFile = (
  tables: readonly ObservedProcessor[],
): string => `import type { ObservedProcessor } from "fullcourt";

/**
 * Tables that dbt writes and the grid shows, made from its manifest.json: \`fullcourt init --dbt FILE\` makes it anew.
 * Nothing here is ever written by Fullcourt.
 */
export const DBT: readonly ObservedProcessor[] = ${JSON.stringify(tables, null, 2)};
`;

/** fullcourt.config.ts, commented: the chain that comes along, and dbt's tables where there are some. */
export const configFile = (withDbt: boolean): string => `import { defineConfig, NBA } from "fullcourt";
${withDbt ? 'import { DBT } from "./fullcourt.dbt";\n' : ""}
/**
 * The tables of this installation, in the order in which the grid shows them. Everything else derives from this
 * list: grid, graph, checks, plans, commands, API and docs. After a change, start again.
 */
export default defineConfig({
  processors: [
    // The ten NBA tables. Leave them out, or some of them: [...NBA.filter((table) => table.phase === 3)].
    ...NBA,
    // A table of your own is one file, as those of lib/pipelines/nba/processors: docs/adding-a-table.md walks through it.
    // playerScoringStreak,
    // What a job of yours makes instead of a model: docs/jobs.md.
${withDbt ? "    // Tables that dbt writes: shown, never written.\n    ...DBT,\n" : "    // Tables that dbt writes come in by `fullcourt init --dbt target/manifest.json`: docs/dbt.md.\n"}  ],
});
`;
