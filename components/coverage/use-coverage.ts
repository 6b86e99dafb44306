"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import type { Overview } from "@/lib/api/coverage";
import { type Packed, unpackPage } from "@/lib/coverage/page";
import { getJson } from "../data/get-json";

/** The grid of a range, kept up to date. A long history comes with its newest season first; the rest is fetched at once. */
export function useCoverage(packed: Packed, range: { start: string; end: string }) {
  const initial = useMemo(() => unpackPage(packed), [packed]);
  const isInitial = range.start === initial.range.start && range.end === initial.range.end;
  // "Look again" asks the warehouse itself; other fetches may see what was seen a minute ago.
  const force = useRef(false);
  const query = useQuery({
    queryKey: ["coverage", range.start, range.end],
    queryFn: async () => {
      const look = force.current ? "&look=again" : "";
      force.current = false;
      return unpackPage(await getJson<Packed>(`/api/coverage?view=page&start=${range.start}&end=${range.end}${look}`));
    },
    placeholderData: keepPreviousData,
    ...(isInitial ? { initialData: initial, ...(initial.pending ? { initialDataUpdatedAt: 0 } : {}) } : {}),
  });
  const page = query.data ?? initial;
  const lookAgain = () => {
    force.current = true;
    void query.refetch();
  };
  return { ...query, lookAgain, page, isInitial: page === initial };
}

export function useOverview() {
  return useQuery({ queryKey: ["coverage", "overview"], queryFn: () => getJson<Overview>("/api/overview") });
}
