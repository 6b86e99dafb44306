/** The process that reads files for an import: what a file can do to memory ends it, and nothing else. */
import { pathToFileURL } from "node:url";
import type { Importer } from "@/lib/engine/import/importer";
import type { FullcourtConfig } from "@/lib/engine/pipeline/define";
import { FullcourtError } from "@/lib/errors";
import { type Ask, type ReadRequest, readFiles } from "./read";

const send = (message: unknown) => process.send?.(message);

/** DuckDB keeps to its own limit, in all but a little; who needs more than this has found a way around it. */
const watch = ({ memoryMegabytes }: ReadRequest) =>
  setInterval(() => {
    if (process.memoryUsage.rss() > (2 * memoryMegabytes + 512) << 20) process.exit(MEMORY_EXIT);
  }, 50);
const MEMORY_EXIT = 77;

/** The importers of a pipeline, which are functions and so cannot be sent. */
async function loadImporters({ importersOf }: ReadRequest): Promise<readonly Importer[]> {
  if (!importersOf) return [];
  const { id, module } = importersOf;
  const definition = module
    ? ((await import(pathToFileURL(module).href)) as { default: FullcourtConfig }).default.pipeline
    : (await import("@/lib/pipelines")).BUILT_IN[id];
  return definition?.importers ?? [];
}

let answered: ((answer: never) => void) | undefined;

process.on("disconnect", () => process.exit());
process.on("message", async (message: { request: ReadRequest } | { answer: never }) => {
  if ("answer" in message) return answered?.(message.answer);
  const watching = watch(message.request);
  try {
    const ask: Ask = (what, of) => {
      send({ question: { what, of } });
      return new Promise((resolve) => {
        answered = resolve;
      });
    };
    send({ result: await readFiles(message.request, await loadImporters(message.request), ask) });
  } catch (error) {
    const { message: text, code, hint } = error as FullcourtError;
    send({ error: error instanceof FullcourtError ? { code, text, hint } : { text } });
  } finally {
    clearInterval(watching);
  }
});
