"use client";

import { createContext, useContext } from "react";
import type { PipelineManifest, TableManifest } from "@/lib/pipeline/manifest";

const PipelineContext = createContext<PipelineManifest>({ tables: [] });

export const PipelineProvider = PipelineContext.Provider;

/** The pipeline that this dashboard shows; without tables on the sign-in page. */
export const usePipeline = (): PipelineManifest => useContext(PipelineContext);

/** One of its tables by id; an error for an id that it does not have. */
export function useTable(id: string): TableManifest {
  const table = usePipeline().tables.find((one) => one.id === id);
  if (!table) throw new Error(`The pipeline has no table "${id}".`);
  return table;
}
