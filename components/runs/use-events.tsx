"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { createContext, useCallback, useContext, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import type { Activity, RunView } from "@/lib/api/runs";
import { formatLeft } from "@/lib/engine/view/format";
import { formatChanges } from "@/lib/engine/view/format-state";
import { getJson } from "../data/get-json";
import { followEvents } from "./follow-events";

const ActiveRunsContext = createContext<string[]>([]);

/** Time from an event to the refetch that shows it: what follows within it comes with the same one. */
const REFETCH_MS = 700;
/** How often a page asks whether anything has happened that no event told. */
export const POLL_INTERVAL_MS = 10_000;
/** What tells that somebody is at a page. */
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown", "wheel", "touchstart"] as const;

/**
 * Keeps a page's data up to date: whatever happens, on this server or another of the same state, all queries on screen
 * are fetched again, at most once in REFETCH_MS and never two at a time. Events tell at once; a slow poll finds what
 * they missed. A tab in the background needs the stream only while something runs, and so does a page that has been
 * open for less than a poll and that nobody has touched: programs that take a page's picture wait until it has no
 * request under way, which a stream is for ever.
 */
export function EventsProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const seen = useRef<string | undefined>(undefined);
  const isAsked = useRef(false);
  const fetching = useRef<Promise<void>>(Promise.resolve());
  const { data: activity } = useQuery({
    queryKey: ["activity"],
    queryFn: () => getJson<Activity>("/api/activity"),
    refetchInterval: POLL_INTERVAL_MS,
    refetchOnWindowFocus: "always",
  });
  const active = activity?.active ?? [];
  const version = activity?.version;
  const isVisible = useSyncExternalStore(
    onVisibility,
    () => !document.hidden,
    () => true,
  );
  const isStaying = useIsStaying();
  const isFollowing = (isVisible && isStaying) || active.length > 0;

  const refetch = useCallback(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    setTimeout(async () => {
      await fetching.current;
      isAsked.current = false;
      fetching.current = client.invalidateQueries({
        // A plan is what somebody reads: the server refuses it where it holds no more.
        predicate: ({ queryKey: [kind] }) => kind !== "plan" && kind !== "activity",
      });
    }, REFETCH_MS);
  }, [client]);

  useEffect(() => {
    if (version === undefined) return;
    if (seen.current !== undefined && seen.current !== version) refetch();
    seen.current = version;
  }, [version, refetch]);

  useEffect(() => {
    if (!isFollowing) return;
    return followEvents(
      (event) => {
        if (event.type === "run") void client.invalidateQueries({ queryKey: ["activity"] });
        if (event.type === "run" && event.run.endedAt) tellEnd(event.run);
        refetch();
      },
      // What was said while no stream was open shows in the version.
      () => void client.invalidateQueries({ queryKey: ["activity"] }),
    );
  }, [client, isFollowing, refetch]);

  return <ActiveRunsContext value={active}>{children}</ActiveRunsContext>;
}

/** True once somebody has touched the page, or has had it open for as long as a poll takes to come. */
function useIsStaying(): boolean {
  const [isStaying, setIsStaying] = useState(false);
  useEffect(() => {
    const seen = new AbortController();
    const stay = () => {
      setIsStaying(true);
      seen.abort();
    };
    const timer = setTimeout(stay, POLL_INTERVAL_MS);
    seen.signal.addEventListener("abort", () => clearTimeout(timer));
    for (const sign of SIGNS_OF_LIFE)
      window.addEventListener(sign, stay, { capture: true, passive: true, signal: seen.signal });
    return () => seen.abort();
  }, []);
  return isStaying;
}

function onVisibility(listener: () => void) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** One word at a run's end, however often it is heard, which goes away by itself. */
function tellEnd(run: RunView): void {
  const changes = run.changes && run.changes.length > 0 ? formatChanges(run.changes) : "nothing changed in the grid";
  const left = run.problems?.length ?? 0;
  const words = left > 0 ? `${changes}; ${formatLeft(left)}` : changes;
  const ways: Partial<Record<RunView["status"], typeof toast.success>> = {
    succeeded: toast.success,
    incomplete: toast.warning,
    cancelled: toast,
  };
  const say = ways[run.status] ?? toast.error;
  say(`Backfill ${run.status}: ${words}.`, {
    id: run.id,
    action: (
      <Link href={`/backfills/${run.id}`} className="ml-auto whitespace-nowrap underline">
        Show
      </Link>
    ),
  });
}

/** Ids of the runs that are under way. */
export const useActiveRuns = (): string[] => useContext(ActiveRunsContext);
