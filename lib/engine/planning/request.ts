import type { PlanRequest } from "../../api/runs";

/** The request for all that is not right of some tables in a range, with what they need and what becomes stale by it. */
export const requestFor = (tables: readonly string[], { start, end }: { start: string; end: string }): PlanRequest => ({
  tables: [...tables],
  start,
  end,
  only: "bad",
  upstream: true,
  downstream: true,
});
