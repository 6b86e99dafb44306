import { expect, it } from "vitest";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import type { PipelineDefinition } from "@/lib/engine/pipeline/types";
import { BUILT_IN } from "@/lib/pipelines";
import { conditionFaults } from "./statements";

it.each(Object.values(BUILT_IN as Record<string, PipelineDefinition>))(
  "the conditions of the checks of $id read the columns of their tables",
  async (definition) => {
    const { sources, tables } = compilePipeline(definition);
    const conditions = [...sources, ...tables].flatMap(({ checks = [] }) =>
      checks.filter((check) => "rule" in check || check.where !== undefined),
    );
    expect(conditions.length).toBeGreaterThan(0);
    expect(await conditionFaults({ sources, tables })).toEqual([]);
    const [misread] = sources;
    if (!misread) throw new Error("A pipeline without sources.");
    expect(await conditionFaults({ sources: [{ ...misread, checks: [{ rule: "nowhere > 0" }] }], tables: [] })).toEqual(
      [
        `${misread.id}: check "nowhere > 0": its rule reads nowhere, which ${misread.id} does not list among its columns.`,
      ],
    );
  },
);
