import { CellNumbers } from "@/components/coverage/grid/grid-row";
import { cellText } from "@/components/coverage/grid/signs";
import { DataTable } from "@/components/ui/data-table";
import { PageShell, Section, TextLink } from "@/components/ui/parts";
import { KeyTables } from "@/components/ui/shortcuts";
import { decodeCell, stateLetter } from "@/lib/engine/coverage/page";
import { type CellState, STATES } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { STATE_MEANINGS, TERMS } from "@/lib/engine/view/glossary";
import { pageContext } from "../session";

export const metadata = { title: "Help" };

/** Example counts by state: rows, distinct, expected, copies; by default 0 of 241. */
const EXAMPLES: Partial<Record<CellState, string>> = {
  corrupt: "105.105.105.1",
  invalid: "241",
  duplicated: "24.6.6.4",
  surplus: "250.250.241.1",
  blocked: "0.0.105.0",
  partial: "160.160.241.1",
  tainted: "105.105.105.1",
  stale: "105.105.105.1",
  outdated: "241",
  complete: "241",
};

/** The way to an installation of one's own, a command a step. */
const CONNECT = [
  ["fullcourt init", "writes fullcourt.config.ts"],
  ["fullcourt init --dbt target/manifest.json", "the same from dbt models"],
  ["fullcourt doctor", "checks settings, rights, tables, columns and keys"],
  ["fullcourt serve", "opens this dashboard on it"],
] as const;

function Example({ state }: { state: CellState }) {
  const code = `${stateLetter(state)}${EXAMPLES[state] ?? "0.0.241.0"}`;
  return (
    <div
      id={state}
      data-testid={`cell-${state}`}
      className={`coverage-cell state state-${state} min-h-8 w-20`}
      style={{ "--filled": "66%" } as React.CSSProperties}
    >
      <CellNumbers {...cellText(decodeCell(code, "", "2021-11-16"))} state={state} isAccepted={false} />
    </div>
  );
}

export default async function HelpPage() {
  await pageContext();
  return (
    <PageShell title="Help" className="max-w-5xl gap-6">
      <div id="connect" className="scroll-mt-16">
        <Section title="Connect your own warehouse">
          <p>
            DuckDB and BigQuery are read as they are. In a terminal, in the folder where the installation is to be
            configured:
          </p>
          <pre tabIndex={0} className="overflow-x-auto rounded-card border border-line bg-raised p-3 text-sm">
            {CONNECT.map(([command, words]) => `${command.padEnd(46)} # ${words}\n`)}
          </pre>
          <p className="text-ink-2">
            The folder docs/ has the guides: adding-a-pipeline.md builds a pipeline from nothing, adding-a-table.md adds
            a table, dbt.md shows dbt models, deploy.md has BigQuery. Raw files of the pipeline that runs here are read
            at <TextLink href="/import">Import</TextLink>.
          </p>
        </Section>
      </div>
      <DataTable
        label="States"
        caption="States of a cell"
        rows={[...STATES].reverse()}
        rowKey={(state) => state}
        columns={[
          ["cell", (state) => <Example state={state} />],
          ["state", formatState, "font-semibold"],
          ["meaning", (state) => STATE_MEANINGS[state].means],
          ["what to do", (state) => STATE_MEANINGS[state].next, "text-soft"],
        ]}
      />
      <DataTable
        label="Terms"
        caption="Terms"
        rows={Object.entries(TERMS)}
        rowKey={([term]) => term}
        columns={[
          ["term", ([term]) => term, "whitespace-nowrap font-semibold"],
          ["meaning", ([, meaning]) => meaning],
        ]}
      />
      <KeyTables />
    </PageShell>
  );
}
