import { setTimeout } from "node:timers/promises";
import type { Readiness } from "@/lib/api/runs";
import type { Context } from "../context";
import { isOwnHome } from "./home";

/** How long a check may take before what it asks counts as away. */
const PATIENCE_MS = 4_000;
/** The warehouse is asked no more often: asking may be billed, and waits behind long reads. */
const ASK_EVERY_MS = 10_000;

interface Asked {
  at: number;
  answer: Promise<boolean>;
}

const asked = new WeakMap<Context["warehouse"], Asked>();

const answers = (work: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    work.then(
      () => true,
      () => false,
    ),
    setTimeout(PATIENCE_MS, false, { ref: false }),
  ]);

/** Whether the warehouse answers, as it was last asked. `now` in milliseconds. */
function warehouseAnswers({ warehouse }: Pick<Context, "warehouse">, now: number): Promise<boolean> {
  const last = asked.get(warehouse);
  if (last && now - last.at < ASK_EVERY_MS) return last.answer;
  const answer = answers(warehouse.query("SELECT 1 AS one"));
  asked.set(warehouse, { at: now, answer });
  return answer;
}

/** Whether this server can do what it is for. */
export async function checkReadiness(context: Context, now = performance.now()): Promise<Readiness> {
  const [warehouse, state] = await Promise.all([warehouseAnswers(context, now), answers(context.state.now())]);
  const checks = { warehouse, state, home: isOwnHome(context.config.home), running: !context.isStopping };
  const ok = Object.values(checks).every(Boolean);
  return { ok, status: ok ? "ready" : "unready", checks, engine: context.warehouse.engine };
}
