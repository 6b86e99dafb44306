/** The process that reads files for an import: what a file can do to memory ends it, and nothing else. */
import { FullcourtError } from "@/lib/errors";
import { type Ask, type ReadRequest, readFiles } from "./read";

const send = (message: unknown) => process.send?.(message);

/** DuckDB keeps to its own limit, in all but a little; who needs more than this has found a way around it. */
const watch = ({ memoryMegabytes }: ReadRequest) =>
  setInterval(() => {
    if (process.memoryUsage.rss() > (2 * memoryMegabytes + 512) << 20) process.exit(MEMORY_EXIT);
  }, 50);
const MEMORY_EXIT = 77;

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
    const result = await readFiles(message.request, ask);
    send({ result });
  } catch (error) {
    const { message: text, code, hint } = error as FullcourtError;
    send({ error: error instanceof FullcourtError ? { code, text, hint } : { text } });
  } finally {
    clearInterval(watching);
  }
});
