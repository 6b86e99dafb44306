import type { Config } from "../config";
import { leftBehind, openContext, openStateOnly } from "../context";
import { loadPipeline } from "../pipeline/load";
import type { Invocation } from "./command";
import { carryOut } from "./execute";
import type { Io } from "./io";

/** Carries out a command in this process, which takes the home for as long: only what the command needs is opened. */
export async function runDirectly(config: Config, invocation: Invocation, io: Io): Promise<number> {
  const what = `\`fullcourt ${invocation.name}\``;
  if (invocation.action.needs === "state") {
    const context = await openStateOnly(config, what);
    try {
      await leftBehind(context);
      return await carryOut(context, invocation, io);
    } finally {
      await context.close();
    }
  }
  const pipeline = await loadPipeline(config.home, invocation.values.pipeline);
  const [{ startAlerts }, { startTracing }] = await Promise.all([import("../alerts"), import("../platform/tracing")]);
  const endTracing = await startTracing();
  const context = await openContext(config, pipeline, what).catch(async (error) => {
    if (invocation.name !== "doctor") throw error;
    return (await import("./commands/doctor")).reportClosed(config, pipeline, error, invocation.values, io);
  });
  if (typeof context === "number") return context;
  try {
    // This process holds the home: the owners of active runs are gone.
    startAlerts(context);
    await leftBehind(context);
    return await carryOut(context, invocation, io);
  } finally {
    await context.close();
    await endTracing();
  }
}
