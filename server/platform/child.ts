import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { type ErrorCode, FullcourtError } from "@/lib/errors";
import { bundled, programRoot } from "../pipeline/program";

/** A child that has nothing to do waits so long for the next call. */
const IDLE_MS = 30_000;
const idle = new Set<ChildProcess>();

/** A child from the bundle, or, where this process runs from the sources, from those. No secret is a child's to know. */
function start(): ChildProcess {
  const { PATH, HOME, TMPDIR, LANG, NODE_ENV, FULLCOURT_PROGRAM } = process.env;
  const source = path.join(programRoot(), "server", "import", "child.ts");
  return fork(FULLCOURT_PROGRAM ? bundled("import-child.js") : source, {
    execArgv: ["--max-old-space-size=160", ...(FULLCOURT_PROGRAM ? [] : ["--import", "tsx"])],
    env: {
      PATH,
      HOME,
      TMPDIR,
      LANG,
      NODE_ENV,
      FULLCOURT_PROGRAM,
      TSX_TSCONFIG_PATH: path.join(programRoot(), "tsconfig.json"),
    },
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
}

/** What a child says. */
interface Said {
  result?: unknown;
  question?: unknown;
  error?: { code?: ErrorCode; text: string; hint: string };
}

/**
 * Has a process of its own read files for an import; `answer` is asked what only this process knows. One that ends
 * without a result gives the error of `ended`.
 */
export async function callImportChild<Result>(
  request: object,
  answer: (question: never) => Promise<unknown>,
  ended: () => Error,
): Promise<Result> {
  const [waiting] = idle;
  const child = waiting ?? start();
  idle.delete(child);
  child.removeAllListeners();
  child.ref();
  child.channel?.ref();
  let words = "";
  child.stderr?.removeAllListeners("data").on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-2_000);
  });
  try {
    return await new Promise<Result>((resolve, reject) => {
      child.on("message", (said: Said) => {
        if (said.question) answer(said.question as never).then((given) => child.send({ answer: given }), reject);
        else if (said.error) reject(toError(said.error));
        else resolve(said.result as Result);
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        const isMemory = signal !== null || code === 77 || code === 134 || /out of memory|heap/i.test(words);
        reject(isMemory ? ended() : new Error(`The import's process ended (${code}): ${words.trim()}`));
      });
      child.send({ request });
    });
  } catch (error) {
    // One that waited may have ended meanwhile.
    const isGone = /EPIPE|ERR_IPC_CHANNEL_CLOSED/.test((error as NodeJS.ErrnoException).code ?? "");
    if (isGone && waiting) return await callImportChild(request, answer, ended);
    throw error;
  } finally {
    rest(child);
  }
}

const toError = ({ code, text, hint }: NonNullable<Said["error"]>) =>
  code ? new FullcourtError(code, text, hint) : new Error(text);

/** Keeps a child for the next call, without keeping this process. */
function rest(child: ChildProcess): void {
  child.removeAllListeners();
  if (!child.connected || child.exitCode !== null) return;
  idle.add(child);
  const timer = setTimeout(() => idle.has(child) && child.kill(), IDLE_MS).unref();
  child.on("exit", () => {
    clearTimeout(timer);
    idle.delete(child);
  });
  child.on("error", () => undefined);
  child.unref();
  child.channel?.unref();
  (child.stderr as unknown as { unref?: () => void } | null)?.unref?.();
}
