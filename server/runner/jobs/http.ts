import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { FullcourtError } from "@/lib/errors";
import type { HttpJob } from "@/lib/processors/types";
import { filled, type JobTask } from "./types";

const ANSWER_MS = 30_000;
/** An endpoint that is away for a moment is asked again so many times. */
const MOST_FAULTS = 5;

const startedSchema = z.object({ id: z.union([z.string().min(1), z.number()]).transform(String) });
const stateSchema = z.object({
  status: z.enum(["queued", "running", "succeeded", "failed"]),
  message: z.string().optional(),
});

const failed = (message: string) => new FullcourtError("job_failed", message, "The run's log says how it went.", 1);

function headersOf({ headersFromEnv = {} }: HttpJob): Record<string, string> {
  const own = Object.fromEntries(
    Object.entries(headersFromEnv).map(([header, name]) => {
      const value = process.env[name];
      if (value === undefined)
        throw failed(`The environment variable ${name} is not set, whose value the job's endpoint needs.`);
      return [header, value];
    }),
  );
  return { "content-type": "application/json", accept: "application/json", ...own };
}

/** The JSON of an answer, or the fault that it is and whether that may pass. */
async function attempt(
  url: string,
  init: RequestInit,
): Promise<{ json: unknown } | { fault: FullcourtError; mayPass: boolean }> {
  const answer = await fetch(url, init);
  if (answer.ok) return { json: await answer.json() };
  const fault = failed(`The job's endpoint answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return { fault, mayPass: answer.status === 429 || answer.status >= 500 };
}

/** Asks, again after a fault that may pass. */
async function askAgain(url: string, job: HttpJob, init: RequestInit, signal: AbortSignal): Promise<unknown> {
  const headers = headersOf(job);
  for (let faults = 1; ; faults++) {
    const limited = {
      ...init,
      headers: { ...headers, ...init.headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
    };
    const tried = await attempt(url, limited).catch((error) => {
      signal.throwIfAborted();
      return { fault: failed(`The job's endpoint does not answer: ${String(error)}`), mayPass: true };
    });
    if ("json" in tried) return tried.json;
    if (!tried.mayPass || faults === MOST_FAULTS) throw tried.fault;
    await pause(job.everySeconds * 1000, undefined, { signal });
  }
}

function read<T extends z.ZodType>(schema: T, answer: unknown, what: string): z.output<T> {
  const found = schema.safeParse(answer);
  if (found.success) return found.data;
  throw failed(`The job's endpoint ${what}: ${JSON.stringify(answer)?.slice(0, 300)}`);
}

/**
 * Starts a job at its endpoint and asks until it has ended. The same task has the same Idempotency-Key, so that
 * a job is found again after a restart. An abort and the time limit cancel it, where it can be.
 */
export async function runHttp(job: HttpJob, task: JobTask): Promise<void> {
  const { table, runId, seq, dates } = task;
  const body = JSON.stringify({ run: runId, table, start: dates[0], end: dates.at(-1), dates });
  const begin = { method: "POST", body, headers: { "idempotency-key": `${runId} ${seq}` } };
  const started = await askAgain(filled(job.start, task), job, begin, task.signal);
  const { id } = read(startedSchema, started, "gave no id");
  await task.say("info", `Job ${id} has started.`);
  const until = Date.now() + job.timeoutMinutes * 60_000;
  let told = "";
  let isOver = false;
  try {
    for (;;) {
      const url = filled(job.poll, task, { id });
      const { status, message } = read(stateSchema, await askAgain(url, job, {}, task.signal), "gave no status");
      if (message && message !== told) await task.say("info", message);
      told = message ?? told;
      isOver = status === "succeeded" || status === "failed";
      if (status === "succeeded") return;
      if (status === "failed") throw failed(`Job ${id} failed${message ? `: ${message}` : "."}`);
      if (Date.now() > until) throw failed(`Job ${id} took longer than ${job.timeoutMinutes} min, its time limit.`);
      await pause(job.everySeconds * 1000, undefined, { signal: task.signal });
    }
  } finally {
    // Whether its endpoint hears of it changes nothing here.
    if (job.cancel && !isOver) await cancelJob(filled(job.cancel, task, { id }), job).catch(() => undefined);
  }
}

/** Ends a job that goes on. */
async function cancelJob(url: string, job: HttpJob): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  await fetch(url, { method: "POST", body: "{}", headers: headersOf(job), signal });
}
