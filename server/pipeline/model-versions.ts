import { createHash } from "node:crypto";
import { MODEL_FORM, modelForm } from "@/lib/engine/pipeline/model-form";
import type { PipelineDefinition } from "@/lib/engine/pipeline/types";
import { tokenTexts } from "../warehouse/dialect";

/** The file of a compiled configuration that holds the versions of its models, by table. */
export const VERSIONS_FILE = "versions.json";

/** The version of a model: that of the normal form, a colon, and a hash of its SQL in that form. */
export async function modelVersion(sql: string): Promise<string> {
  const form = JSON.stringify(modelForm(await tokenTexts(sql)));
  return `${MODEL_FORM}:${createHash("sha256").update(form).digest("hex").slice(0, 16)}`;
}

/** The versions of a pipeline's models, by table. It takes the SQL parser: a compiled configuration holds them. */
export async function modelVersions({ tables }: Pick<PipelineDefinition, "tables">): Promise<Map<string, string>> {
  const versions = new Map<string, string>();
  for (const { id, build } of tables) if (build.kind === "sql") versions.set(id, await modelVersion(build.sql));
  return versions;
}
