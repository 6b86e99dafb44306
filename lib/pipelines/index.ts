import type { PipelineDefinition } from "../engine/pipeline/types";
import { nba } from "./nba";
import { ORDERS } from "./orders";

/** The pipelines that come with Fullcourt, by id; a new home is the first one's where nothing says another. */
export const BUILT_IN: Readonly<Record<string, PipelineDefinition>> = { nba, orders: ORDERS };
