"use server";

import { createSafeActionClient } from "next-safe-action";
import { z } from "zod";
import type { Answer, PlanView } from "@/components/backfill/plan-dialog";
import { FullcourtError } from "@/lib/errors";
import type { PlanRequest } from "@/lib/planning/plan";
import { type AcceptRequest, acceptSchema, launchSchema, planRequestSchema } from "@/lib/schemas";
import { serverContext } from "@/server/context";
import { knownDates } from "@/server/coverage";
import { makeDemo as makeDemoSeason } from "@/server/demo";
import { acceptGaps as accept, withdrawGap as withdraw } from "@/server/gaps";
import { log } from "@/server/log";
import { cancel, launch, resume } from "@/server/runner/launch";
import { previewPlan as preview } from "@/server/runner/plans";

/** The one wrapper of all actions: checks the input, opens the context, and turns errors into words. */
const action = createSafeActionClient({
  handleServerError(error) {
    if (!(error instanceof FullcourtError)) log.error({ error: error.stack }, "action failed");
    return error instanceof FullcourtError
      ? { code: error.code, message: [error.message, error.hint].filter(Boolean).join(" ") }
      : { code: "internal", message: "Something went wrong in the server; its log says what." };
  },
}).use(async ({ next }) => next({ ctx: { context: await serverContext() } }));

interface Result<T> {
  data?: T;
  serverError?: { code: string; message: string };
  validationErrors?: unknown;
}

function answer<T>({ data, serverError, validationErrors }: Result<T>): Answer<T> {
  if (data !== undefined) return { ok: true, value: data };
  if (serverError) return { ok: false, ...serverError };
  return { ok: false, code: "bad_request", message: `The request is not right: ${JSON.stringify(validationErrors)}` };
}

const doPreview = action
  .inputSchema(planRequestSchema)
  .action(async ({ parsedInput, ctx }) => preview(ctx.context, parsedInput as PlanRequest));

const doLaunch = action.inputSchema(launchSchema).action(async ({ parsedInput, ctx }) => {
  const { id, done } = await launch(ctx.context, parsedInput.planId, parsedInput.options, "web", parsedInput.ifBusy);
  done.catch((error) => log.error({ run: id, error: String(error) }, "run ended with an error"));
  return { id };
});

const doCancel = action.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  await cancel(ctx.context, parsedInput);
  return true;
});

const doResume = action.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  (await resume(ctx.context, parsedInput)).done.catch(() => undefined);
  return true;
});

const doAccept = action.inputSchema(acceptSchema).action(async ({ parsedInput, ctx }) => {
  const list = await accept(ctx.context, parsedInput);
  return { accepted: list.reduce((sum, one) => sum + Object.keys(one.cells).length, 0) };
});

const doWithdraw = action.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  await withdraw(ctx.context, parsedInput);
  return true;
});

const doDemo = action.action(async ({ ctx }) => {
  // It replaces whatever is there: only an empty warehouse is offered it.
  if (await knownDates(ctx.context))
    throw new FullcourtError("not_empty", "The warehouse holds data already.", "`fullcourt demo` replaces them.");
  await makeDemoSeason(ctx.context, {});
  return true;
});

/** What a backfill would do. */
export async function previewPlan(request: PlanRequest): Promise<Answer<PlanView>> {
  return answer(await doPreview(request));
}

/** Launches a plan exactly as it was shown, at once or behind a run that is at its cells. */
export async function launchPlan(planId: string, ifBusy: "refuse" | "queue"): Promise<Answer<{ id: string }>> {
  return answer(await doLaunch({ planId, ifBusy }));
}

/** Cancels a run; gives what went wrong, or null. */
export async function cancelRun(id: string): Promise<string | null> {
  const result = answer(await doCancel(id));
  return result.ok ? null : result.message;
}

/** Goes on with a run; gives what went wrong, or null. */
export async function resumeRun(id: string): Promise<string | null> {
  const result = answer(await doResume(id));
  return result.ok ? null : result.message;
}

/** Accepts the gaps among some cells. */
export async function acceptGaps(request: AcceptRequest): Promise<Answer<{ accepted: number }>> {
  return answer(await doAccept(request));
}

/** Takes an acceptance back; gives what went wrong, or null. */
export async function withdrawGap(id: string): Promise<string | null> {
  const result = answer(await doWithdraw(id));
  return result.ok ? null : result.message;
}

/** Makes the demo season in an empty warehouse; gives what went wrong, or null. */
export async function makeDemo(): Promise<string | null> {
  const result = answer(await doDemo());
  return result.ok ? null : result.message;
}
