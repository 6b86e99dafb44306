import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { HttpJob } from "@/lib/engine/pipeline/types";
import { FullcourtError } from "@/lib/errors";
import { isHandedOver } from "../../platform/on-abort";
import { retry } from "../../platform/retry";
import { filled, type JobTask, TIMEOUT_MINUTES } from "./types";

const ANSWER_MS = 30_000;
/** An endpoint that is away for a moment is asked again so many times. */
const MAX_TRIES = 5;

const startedSchema = z.object({
  // These two would be another address.
  id: z
    .union([z.string().min(1), z.number()])
    .transform(String)
    .refine((id) => id !== "." && id !== ".."),
});
const stateSchema = z.object({
  status: z.enum(["queued", "running", "succeeded", "failed"]),
  message: z.string().optional(),
});

const failed = (message: string) => new FullcourtError("job_failed", message, "The run's log says how it went.");

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

/** An answer that is none of those that are asked for. */
class BadAnswer extends Error {
  constructor(
    readonly status: number,
    text: string,
  ) {
    super(`answered ${status}: ${text.slice(0, 300)}`);
  }
}

/** Asks, again after a fault that may pass. */
async function ask(url: string, job: HttpJob, init: RequestInit, signal: AbortSignal): Promise<unknown> {
  const headers = { ...headersOf(job), ...init.headers };
  const attempt = async () => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
    // The headers may hold secrets that are the named endpoint's alone.
    const answer = await fetch(url, { ...init, headers, redirect: "manual", signal: limit });
    if (answer.ok) return answer.json();
    const to = answer.headers.get("location");
    throw new BadAnswer(answer.status, to ? `redirects are not followed, name the address ${to}` : await answer.text());
  };
  const mayPass = (error: unknown) => !(error instanceof BadAnswer) || error.status === 429 || error.status >= 500;
  const pauseMs = () => job.everySeconds * 1000;
  return retry(attempt, { max: MAX_TRIES, pauseMs, mayPass, signal }).catch((error) => {
    signal.throwIfAborted();
    throw failed(`The job's endpoint ${error instanceof BadAnswer ? error.message : `does not answer: ${error}`}`);
  });
}

function read<T extends z.ZodType>(schema: T, answer: unknown, what: string): z.output<T> {
  const found = schema.safeParse(answer);
  if (found.success) return found.data;
  throw failed(`The job's endpoint ${what}: ${JSON.stringify(answer)?.slice(0, 300)}`);
}

/**
 * Starts a job at its endpoint and asks until it has ended. The same attempt of a task has the same Idempotency-Key, so
 * that a job is found again after a restart, and by another process. A cancel and the time limit cancel it, where it
 * can be; a stop of the server, and the loss of the run to another process, do not.
 */
export async function runHttp(job: HttpJob, task: JobTask): Promise<void> {
  const { table, runId, seq, attempt, part, dates, signal } = task;
  const { timeoutMinutes = TIMEOUT_MINUTES } = job;
  const body = JSON.stringify({ run: runId, table, start: dates[0], end: dates.at(-1), dates });
  const begin = {
    method: "POST",
    body,
    headers: { "idempotency-key": [runId, seq, attempt, ...(part ? [part] : [])].join(" ") },
  };
  const started = await ask(filled(job.start, task), job, begin, signal);
  const { id } = read(startedSchema, started, "gave no id");
  await task.say("info", `Job ${id} has started.`);
  const until = Date.now() + timeoutMinutes * 60_000;
  let told = "";
  let isOver = false;
  try {
    for (;;) {
      const url = filled(job.poll, task, { id: encodeURIComponent(id) });
      const { status, message } = read(stateSchema, await ask(url, job, {}, signal), "gave no status");
      if (message && message !== told) await task.say("info", message);
      told = message ?? told;
      isOver = status === "succeeded" || status === "failed";
      if (status === "succeeded") return;
      if (status === "failed") throw failed(`Job ${id} failed${message ? `: ${message}` : "."}`);
      if (Date.now() > until) throw failed(`Job ${id} took longer than ${timeoutMinutes} min, its time limit.`);
      await pause(job.everySeconds * 1000, undefined, { signal });
    }
  } finally {
    // Whether its endpoint hears of it changes nothing here.
    if (job.cancel && !isOver && !isHandedOver(signal) && (await task.isOwn()))
      await cancelJob(filled(job.cancel, task, { id: encodeURIComponent(id) }), job).catch(() => undefined);
  }
}

/** Ends a job that goes on. */
async function cancelJob(url: string, job: HttpJob): Promise<void> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  await fetch(url, { method: "POST", body: "{}", headers: headersOf(job), redirect: "manual", signal });
}
