import { setTimeout } from "node:timers/promises";
import type { Context } from "@/server/context";
import { route } from "@/server/http";

/** True where something answers within a few seconds. */
const answers = (work: Promise<unknown>): Promise<boolean> => {
  const answered = work.then(
    () => true,
    () => false,
  );
  return Promise.race([answered, setTimeout(4_000, false, { ref: false })]);
};

/** Live: the process answers, as it does here. Ready: warehouse and state answer too; 503 where one does not. */
async function health(context: Context): Promise<Response> {
  const [warehouse, state] = await Promise.all([
    answers(context.warehouse.query("SELECT 1 AS one")),
    answers(context.state.now()),
  ]);
  const ready = warehouse && state;
  const body = { ok: ready, live: true, ready, checks: { warehouse, state }, engine: context.warehouse.engine };
  return Response.json(body, { status: ready ? 200 : 503 });
}

export const GET = route(health, { needs: "nobody" });
