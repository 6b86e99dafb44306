import { PROCESSORS } from "../processors";
import type { PlanRequest } from "./plan";

/** The request for all that is not right in a range: every table, with what it needs and what becomes stale by it. */
export const wholeChain = ({ start, end }: { start: string; end: string }): PlanRequest => ({
  tables: PROCESSORS.map((one) => one.short),
  start,
  end,
  only: "bad",
  upstream: true,
  downstream: true,
});
