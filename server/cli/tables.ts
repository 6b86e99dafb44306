import { FullcourtError } from "@/lib/errors";
import { PROCESSORS, qualifiedName } from "@/lib/processors";
import { tableDocs } from "@/lib/table-docs";
import { type Io, table } from "./io";

/** The registry, for people, for programs (--json) or as a page (--markdown); nothing is opened for it. */
export function listTables(args: readonly string[], io: Pick<Io, "out">): 0 {
  const [flag = "", ...more] = args.filter((arg) => arg !== "--verbose");
  if (more.length > 0 || !["", "--json", "--markdown", "--help"].includes(flag))
    throw new FullcourtError("wrong_usage", `tables: ${args.join(" ")} is not known.`, "fullcourt tables [--markdown]");
  if (flag === "--help") io.out("fullcourt tables [--markdown]\n\nthe tables of this installation\n");
  else if (flag === "--markdown") io.out(tableDocs());
  else if (flag === "--json")
    io.out(
      `${JSON.stringify(PROCESSORS.map(({ short, name, dataset, phase, grain, about }) => ({ short, name, dataset, phase, grain, about })))}\n`,
    );
  else {
    const rows = PROCESSORS.map((one) => [one.short, qualifiedName(one), one.phase, one.grain.join(", "), one.about]);
    io.out(`${table(["short", "table", "phase", "grain", "about"], rows)}\n`);
  }
  return 0;
}
