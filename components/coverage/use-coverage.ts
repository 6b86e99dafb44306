"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Overview } from "@/lib/coverage/overview";
import { type Page, withRunning } from "@/lib/coverage/page";
import { getJson } from "../data/get-json";
import { useRunningCells } from "../runs/use-events";

/** The grid of a range, kept up to date, with cells that a run is at shown at once. */
export function useCoverage(initial: Page, range: { start: string; end: string }) {
  const isInitial = range.start === initial.range.start && range.end === initial.range.end;
  const query = useQuery({
    queryKey: ["coverage", range.start, range.end],
    queryFn: () => getJson<Page>(`/api/coverage?view=page&start=${range.start}&end=${range.end}`),
    placeholderData: keepPreviousData,
    ...(isInitial ? { initialData: initial } : {}),
  });
  const running = useRunningCells();
  const page = useMemo(() => query.data && withRunning(query.data, running), [query.data, running]);
  return { ...query, page };
}

/** The whole history, a letter a cell. */
export function useOverview() {
  return useQuery({ queryKey: ["coverage", "overview"], queryFn: () => getJson<Overview>("/api/overview") });
}
