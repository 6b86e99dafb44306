import { createHash } from "node:crypto";
import type { Proposal } from "@/lib/connect/propose";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 12);
const BLOCK = /^ {2}\/\/ fullcourt:table (\S+) ([0-9a-f]{12})\n(.*?)^ {2}\/\/ fullcourt:end\n/gms;
const HEAD = `import { type Table, table } from "fullcourt";

/**
 * Tables of another program, as \`fullcourt init --from\` proposes them. They are yours to edit: a second run replaces the
 * ones that are as it wrote them, and keeps the others. Nothing here is ever written by Fullcourt.
 */
export const TABLES: readonly Table[] = [
`;
const TAIL = `];

/** A layer for each dataset. */
export const LAYERS = [...new Set(TABLES.map(({ layer }) => layer))].map((id) => ({ id, label: id }));
`;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A short name for each table: its own, with the dataset's before it where two are alike. */
function idsOf(proposals: readonly Proposal[]): Map<Proposal, string> {
  const clean = (text: string) => {
    const plain = text.replaceAll(/\W/g, "_");
    return IDENTIFIER.test(plain) ? plain : `t_${plain}`;
  };
  const names = proposals.map(({ table }) => clean(table.name).toLowerCase());
  return new Map(
    proposals.map((one) => {
      const { dataset, name } = one.table;
      const own = clean(name);
      const isAlone = names.filter((other) => other === own.toLowerCase()).length === 1;
      return [one, isAlone ? own : clean(`${dataset}_${name}`)];
    }),
  );
}

function blockOf(one: Proposal, id: string, inputs: readonly string[]): string {
  const { table, dateColumn, key, keyEvidence, builtAt, checks, checkedRows, rows, dates, isSample } = one;
  const name = `${table.dataset}.${table.name}`;
  const text = (value: unknown) => JSON.stringify(value);
  const checkOf = ({ column, ...rule }: Proposal["checks"][number]) =>
    `      { column: ${text(column)}, ${Object.entries(rule).map(([kind, value]) => `${kind}: ${text(value).replace(",", ", ")}`)} },`;
  const body = [
    `  // ${isSample ? "About " : ""}${rows.toLocaleString("en")} rows on ${dates} dates${isSample ? " or more" : ""}; the key is ${keyEvidence}.`,
    "  table({",
    `    id: ${text(id)}, name: ${text(name)}, layer: ${text(table.dataset)},`,
    `    dateColumn: ${text(dateColumn)}, key: [${key.map(text).join(", ")}],${builtAt ? ` writtenAt: ${text(builtAt)},` : ""}`,
    "    // As many rows as like dates have: { rows: 30 } or { perUnit: 2 } where it is known.",
    "    expected: { baseline: {} },",
    ...(inputs.length > 0
      ? [
          "    // Read by its definition as a view. To confirm: that its date is theirs, else another window (docs/connect.md).",
          `    inputs: [${inputs.map((input) => `{ table: ${text(input)}, window: "same" }`).join(", ")}],`,
        ]
      : []),
    ...(checks.length > 0
      ? [
          `    // Each held in all of ${checkedRows.toLocaleString("en")} rows of a sample.`,
          ...["    checks: [", ...checks.map(checkOf), "    ],"],
        ]
      : []),
    "    // Add `job` to have its program write what is missing: docs/jobs.md.",
    `    build: { kind: "external", by: "another program" },`,
    "  }),",
    "",
  ].join("\n");
  return `  // fullcourt:table ${name} ${hashOf(body)}\n${body}  // fullcourt:end\n`;
}

/** The text of fullcourt.tables.ts. Of the one that is there, what was edited stays, tables and the text around them. */
export function tablesFile(
  proposals: readonly Proposal[],
  inputs: ReadonlyMap<string, readonly string[]>,
  there?: string,
): { text: string; kept: string[] } {
  const nameOf = ({ table }: Proposal) => `${table.dataset}.${table.name}`;
  const old = [...(there ?? "").matchAll(BLOCK)];
  // A table that was edited may have another id by now.
  const own = old.flatMap(([, name = "", , body = ""]) => {
    const [, id] = /^ {4}id: "(\w+)"/m.exec(body) ?? [];
    return id ? [[name, id] as const] : [];
  });
  const ids = idsOf(proposals);
  const idByName = new Map([...proposals.map((one) => [nameOf(one), ids.get(one) as string] as const), ...own]);
  const fresh = new Map(
    proposals.map((one) => {
      const read = (inputs.get(nameOf(one)) ?? []).flatMap((name) => idByName.get(name) ?? []);
      return [nameOf(one), blockOf(one, ids.get(one) as string, read)];
    }),
  );
  if (there === undefined || old.length === 0) return { text: HEAD + [...fresh.values()].join("") + TAIL, kept: [] };
  const kept: string[] = [];
  const text = there.replaceAll(BLOCK, (block: string, name: string, hash: string, body: string) => {
    const next = fresh.get(name);
    fresh.delete(name);
    if (hash === hashOf(body)) return next ?? "";
    kept.push(name);
    return block;
  });
  // New ones come after the last of those that are there.
  const end = text.lastIndexOf("  // fullcourt:end\n");
  const at = end < 0 ? text.indexOf("];\n") : end + "  // fullcourt:end\n".length;
  return { text: text.slice(0, at) + [...fresh.values()].join("") + text.slice(at), kept };
}

/** The text of a fullcourt.config.ts that opens the grid of these tables. */
export function configFileOf(id: string, warehouse: string, module: string): string {
  const body = `import { defineConfig, definePipeline } from "fullcourt";
import { LAYERS, TABLES } from "./${module}";

/** What the grid shows, and where its tables are. After a change, start again. */
export default defineConfig({
  pipeline: definePipeline({ id: ${JSON.stringify(id)}, name: ${JSON.stringify(id)}, timeZone: "UTC", layers: LAYERS, sources: [], tables: TABLES }),
  warehouse: ${JSON.stringify(warehouse)},
});
`;
  return `// fullcourt:config ${hashOf(body)}\n${body}`;
}

/** True where a configuration is as configFileOf wrote it. */
export function isUnedited(config: string): boolean {
  const [, hash, body = ""] = /^\/\/ fullcourt:config ([0-9a-f]{12})\n(.*)$/s.exec(config) ?? [];
  return hash === hashOf(body);
}
