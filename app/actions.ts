"use server";

import { z } from "zod";
import type { Answer } from "@/components/data/answer";
import type { Plan, PlanRequest } from "@/lib/api/runs";
import { FullcourtError } from "@/lib/errors";
import { type AcceptRequest, acceptSchema, launchSchema, planRequestSchema } from "@/lib/schemas";
import { knownDates } from "@/server/coverage";
import { makeDemo as makeDemoSeason } from "@/server/demo";
import { acceptGaps as accept, withdrawGap as withdraw } from "@/server/gaps";
import { log } from "@/server/log";
import { cancel, launch, resume } from "@/server/runner/launch";
import { previewPlan as preview } from "@/server/runner/plans";
import { actionFor, answer } from "./action-client";

const operate = actionFor("operator");

const doPreview = actionFor("viewer")
  .inputSchema(planRequestSchema)
  .action(async ({ parsedInput, ctx }) => preview(ctx.context, parsedInput as PlanRequest));

const doLaunch = operate.inputSchema(launchSchema).action(async ({ parsedInput, ctx }) => {
  const { id, done } = await launch(ctx.context, parsedInput.planId, parsedInput.options, "web", parsedInput.ifBusy);
  done.catch((error) => log.error({ run: id, error: String(error) }, "run ended with an error"));
  return { id };
});

const doCancel = operate.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  await cancel(ctx.context, parsedInput);
  return true;
});

const doResume = operate.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  (await resume(ctx.context, parsedInput)).done.catch(() => undefined);
  return true;
});

const doAccept = operate.inputSchema(acceptSchema).action(async ({ parsedInput, ctx }) => {
  const list = await accept(ctx.context, parsedInput);
  return { accepted: list.reduce((sum, one) => sum + Object.keys(one.cells).length, 0) };
});

const doWithdraw = operate.inputSchema(z.string().min(1)).action(async ({ parsedInput, ctx }) => {
  await withdraw(ctx.context, parsedInput);
  return true;
});

const doDemo = operate.action(async ({ ctx }) => {
  // It replaces whatever is there: only an empty warehouse is offered it.
  if (await knownDates(ctx.context))
    throw new FullcourtError("not_empty", "The warehouse holds data already.", "`fullcourt demo` replaces it.");
  await makeDemoSeason(ctx.context, {});
  return true;
});

/** What a backfill would do. */
export async function previewPlan(request: PlanRequest): Promise<Answer<Plan>> {
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
