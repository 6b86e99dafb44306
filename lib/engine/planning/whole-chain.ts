import type { PlanRequest } from "../../api/runs";
import type { Pipeline } from "../pipeline/compile";
import { requestFor } from "./request";

/** The request for all that is not right in a range, of every table. */
export const wholeChain = (range: { start: string; end: string }, pipeline: Pipeline): PlanRequest =>
  requestFor(
    pipeline.tables.map(({ id }) => id),
    range,
  );
