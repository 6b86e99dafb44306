import { FullcourtError } from "@/lib/errors";
import { PROCESSORS, qualifiedName } from "@/lib/processors";
import { tableDocs } from "@/lib/table-docs";
import { readFlags } from "./flags";
import { type Io, table } from "./io";

/** The registry, for people, for programs (--json) or as a page (--markdown); nothing is opened for it. */
export function listTables(args: string[], io: Pick<Io, "out">): 0 {
  const { values, words } = readFlags(args, { markdown: { type: "boolean" } });
  if (words.length > 0)
    throw new FullcourtError(
      "wrong_usage",
      `tables: ${words.join(" ")} is not known.`,
      "fullcourt tables [--markdown]",
    );
  if (values.help) io.out("fullcourt tables [--markdown]\n\nthe tables of this installation\n");
  else if (values.markdown) io.out(tableDocs());
  else if (values.json) {
    const list = PROCESSORS.map(({ short, name, dataset, phase, grain, about }) => ({
      short,
      name,
      dataset,
      phase,
      grain,
      about,
    }));
    io.out(`${JSON.stringify(list)}\n`);
  } else {
    const rows = PROCESSORS.map((one) => [
      one.short,
      qualifiedName(one),
      one.phase ?? "-",
      one.grain.join(", "),
      one.about,
    ]);
    io.out(`${table(["short", "table", "phase", "grain", "about"], rows)}\n`);
  }
  return 0;
}
