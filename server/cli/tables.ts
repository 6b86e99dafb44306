import { PROCESSORS, qualifiedName } from "@/lib/processors";
import { tableDocs } from "@/lib/table-docs";
import type { Run } from "./command";
import { json, table } from "./io";

/** The registry, for people, for programs (--json) or as a page (--markdown); nothing is opened for it. */
export const listTables: Run<undefined> = async (_none, _words, values, io) => {
  if (values.markdown) io.out(tableDocs());
  else if (values.json)
    json(
      io,
      PROCESSORS.map(({ short, name, dataset, phase, grain, about }) => ({
        short,
        name,
        dataset,
        phase,
        grain,
        about,
      })),
    );
  else {
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
};
