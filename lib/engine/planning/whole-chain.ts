import type { PlanRequest } from "../../api/runs";
import { loadedPipeline } from "../pipeline/loaded";
import { requestFor } from "./request";

/** The request for all that is not right in a range, of every table. */
export const wholeChain = (range: { start: string; end: string }, pipeline = loadedPipeline()): PlanRequest =>
  requestFor(
    pipeline.tables.map(({ id }) => id),
    range,
  );
