import type { PlanRequest } from "../../api/runs";
import { PROCESSORS } from "../pipeline/registry";
import { requestFor } from "./request";

/** The request for all that is not right in a range, of every table. */
export const wholeChain = (range: { start: string; end: string }): PlanRequest =>
  requestFor(
    PROCESSORS.map((one) => one.short),
    range,
  );
