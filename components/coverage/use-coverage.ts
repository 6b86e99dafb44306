"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import type { Overview } from "@/lib/api/coverage";
import { type Packed, unpackPage, withLive } from "@/lib/coverage/page";
import { getJson } from "../data/get-json";
import { useLiveCells } from "../runs/use-events";

/** A first look at a long history comes season by season: the next is asked for at once. */
const nextLook = (data: { pending: string | null } | undefined) => (data?.pending ? 20 : false);

/** The grid of a range, kept up to date, with cells that a run is at shown at once. */
export function useCoverage(packed: Packed, range: { start: string; end: string }) {
  const initial = useMemo(() => unpackPage(packed), [packed]);
  const isInitial = range.start === initial.range.start && range.end === initial.range.end;
  // A press on "Look again" asks the warehouse itself; other looks may see what was seen a minute ago.
  const anew = useRef(false);
  const query = useQuery({
    queryKey: ["coverage", range.start, range.end],
    queryFn: async () => {
      const look = anew.current ? "&look=again" : "";
      anew.current = false;
      return unpackPage(await getJson<Packed>(`/api/coverage?view=page&start=${range.start}&end=${range.end}${look}`));
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => nextLook(state.data),
    ...(isInitial ? { initialData: initial } : {}),
  });
  const live = useLiveCells();
  const shown = query.data ?? initial;
  const page = useMemo(() => withLive(shown, live), [shown, live]);
  const lookAgain = () => {
    anew.current = true;
    void query.refetch();
  };
  return { ...query, lookAgain, page, isInitial: shown === initial };
}

/** The whole history, a letter a cell. */
export function useOverview() {
  return useQuery({
    queryKey: ["coverage", "overview"],
    queryFn: () => getJson<Overview>("/api/overview"),
    refetchInterval: ({ state }) => nextLook(state.data),
  });
}
