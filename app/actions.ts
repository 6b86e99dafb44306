"use server";

import { z } from "zod";
import { acceptSchema, invalidateSchema, launchSchema, requestsOf } from "@/lib/api/schemas";
import { FullcourtError } from "@/lib/errors";
import { knownDates } from "@/server/coverage";
import { acceptGaps as accept, withdrawGap as withdraw } from "@/server/coverage/gaps";
import { invalidate, withdrawInvalidation as takeBack } from "@/server/coverage/invalidations";
import { makeDemo as buildDemo } from "@/server/demo";
import { parsed } from "@/server/http";
import { cancel, launch, resume } from "@/server/runner/launch";
import { action } from "./action-client";

const id = z.string().min(1);

/** Launches a plan exactly as it was shown, at once or behind a run that is at its cells. */
export const launchPlan = action("launchPlan", launchSchema, async (context, { planId, options, ifBusy }) => {
  const launched = await launch(context, planId, options, "web", ifBusy);
  return { id: launched.id };
});

export const cancelRun = action("cancelRun", id, cancel);

export const resumeRun = action("resumeRun", id, async (context, run) => {
  await resume(context, run);
});

export const acceptGaps = action("acceptGaps", acceptSchema, async (context, request) => {
  const list = await accept(context, parsed(requestsOf(context.pipeline).accept, request));
  return { accepted: list.reduce((sum, one) => sum + Object.keys(one.cells).length, 0) };
});

export const withdrawGap = action("withdrawGap", id, withdraw);

export const invalidateRows = action("invalidateRows", invalidateSchema, (context, request) =>
  invalidate(context, parsed(requestsOf(context.pipeline).invalidate, request)),
);

export const withdrawInvalidation = action("withdrawInvalidation", id, takeBack);

/** Makes the demo in an empty warehouse. */
export const makeDemo = action("makeDemo", z.void(), async (context) => {
  // The demo is created only in an empty warehouse.
  if (await knownDates(context))
    throw new FullcourtError(
      "not_empty",
      "The warehouse holds data already.",
      "`fullcourt demo --replace` replaces it with the demo.",
    );
  await buildDemo(context, {});
});
