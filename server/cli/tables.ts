import { PROCESSORS, qualifiedName } from "@/lib/engine/pipeline/registry";
import { tableDocs } from "@/lib/table-docs";
import type { Run } from "./command";
import { answer, listing } from "./io";

/** The registry, for people, for programs (--json) or as a page (--markdown); nothing is opened for it. */
export const listTables: Run<undefined> = async (_none, _words, values, io) => {
  const list = PROCESSORS.map(({ short, name, dataset, layer, grain, about }) => {
    return { short, name, dataset, layer, grain, about };
  });
  return answer(io, values, list, () =>
    values.markdown
      ? tableDocs().trimEnd()
      : listing(list, ["short", ["table", qualifiedName], "layer", ["grain", (one) => one.grain.join(", ")], "about"]),
  );
};
