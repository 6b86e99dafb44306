import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { qualifiedName } from "@/lib/engine/pipeline/names";
import { tableDocs } from "@/lib/engine/view/table-docs";
import type { Run } from "./command";
import { answer, listing } from "./io";

/** The tables of a pipeline, for people, for programs (--json) or as a page (--markdown); nothing is opened for it. */
export const listTables =
  (pipeline: Pipeline): Run<undefined> =>
  async (_none, _words, values, io) => {
    const list = pipeline.tables.map(
      ({ id, name, dataset, layer, grain, description, cadence = null, dueBy = null }) => {
        return { id, name, dataset, layer, grain, description, cadence, dueBy };
      },
    );
    return answer(io, values, list, () =>
      values.markdown
        ? tableDocs(pipeline).trimEnd()
        : listing(list, [
            "id",
            ["table", qualifiedName],
            "layer",
            ["grain", (one) => one.grain.join(", ")],
            "description",
          ]),
    );
  };
