"use client";

import { createContext, useContext } from "react";
import { hasRole, type Role } from "@/lib/access/roles";
import type { PipelineManifest, TableManifest } from "@/lib/engine/pipeline/manifest";

interface PageContext {
  /** Who looks at the page, null on the sign-in page; `signsIn` is false where nobody signs in, as on a laptop. */
  viewer: { name: string; role: Role; signsIn: boolean } | null;
  /** The pipeline and the warehouse by name; null on the sign-in page. */
  names: { pipeline: string; warehouse: string } | null;
  /** The date that stands for today, as in the demo; null for the clock's. */
  fixedToday: string | null;
  /** What this dashboard shows; without tables on the sign-in page. */
  pipeline: PipelineManifest;
}

/** Of the sign-in page. */
const NO_PIPELINE: PipelineManifest = { layers: [], unit: { one: "", many: "", none: "" }, tables: [], sources: [] };

export const PageContext = createContext<PageContext>({
  viewer: null,
  names: null,
  fixedToday: null,
  pipeline: NO_PIPELINE,
});

export const useViewer = () => useContext(PageContext).viewer;

export const useNames = () => useContext(PageContext).names;

export const useFixedToday = () => useContext(PageContext).fixedToday;

export const usePipeline = () => useContext(PageContext).pipeline;

/** One of the pipeline's tables by id; an error for an id that it does not have. */
export function useTable(id: string): TableManifest {
  const table = usePipeline().tables.find((one) => one.id === id);
  if (!table) throw new Error(`The pipeline has no table "${id}".`);
  return table;
}

/** Whether the viewer has a role. The server checks again. */
export function useMay(needed: Role): boolean {
  const viewer = useViewer();
  return viewer !== null && hasRole(viewer.role, needed);
}
