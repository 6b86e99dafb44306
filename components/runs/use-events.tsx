"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useRef } from "react";
import type { Pulse, RunDetail, RunEvent } from "@/lib/runs";
import { getJson } from "../data/get-json";

const ActiveRuns = createContext<string[]>([]);

/** Least time between two looks at the data while a run goes on. */
const REFRESH_MS = 400;
/** How often an idle page asks whether anything has happened. */
const PULSE_MS = 3_000;

/**
 * Keeps a page's data up to date. An idle page asks for the pulse now and then; while
 * something runs, one stream of events updates the runs line by line and has the grid
 * looked at again as tasks end. No stream is held open without need: a browser has few
 * connections to a server, and many tabs share them.
 */
export function EventsProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const seen = useRef<number | undefined>(undefined);
  const { data: pulse } = useQuery({
    queryKey: ["pulse"],
    queryFn: () => getJson<Pulse>("/api/pulse"),
    refetchInterval: PULSE_MS,
    refetchOnWindowFocus: true,
  });
  const active = pulse?.active ?? [];
  const isRunning = active.length > 0;
  const changes = pulse?.changes;

  const refresh = useCallback(() => {
    if (timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      for (const key of ["coverage", "cell", "runs", "timings"]) void client.invalidateQueries({ queryKey: [key] });
    }, REFRESH_MS);
  }, [client]);

  useEffect(() => {
    if (changes === undefined) return;
    if (seen.current !== undefined && seen.current !== changes) refresh();
    seen.current = changes;
  }, [changes, refresh]);

  useEffect(() => {
    if (!isRunning) return;
    const stream = new EventSource("/api/events");
    stream.onmessage = ({ data }) => {
      const event = JSON.parse(data as string) as RunEvent;
      const id = event.type === "run" ? event.run.id : event.runId;
      client.setQueryData<RunDetail>(["run", id], (old) => old && applied(old, event));
      if (event.type === "run") void client.invalidateQueries({ queryKey: ["pulse"] });
      if (event.type !== "log") refresh();
    };
    // What was said before the stream was open, or while it was broken, is read anew.
    stream.onopen = () => void client.invalidateQueries({ queryKey: ["run"] });
    return () => {
      stream.close();
      void client.invalidateQueries({ queryKey: ["run"] });
      refresh();
    };
  }, [client, isRunning, refresh]);

  return <ActiveRuns value={active}>{children}</ActiveRuns>;
}

/** Ids of the runs that are under way. */
export function useActiveRuns(): string[] {
  return useContext(ActiveRuns);
}

/** A run with one event more. */
function applied(old: RunDetail, event: RunEvent): RunDetail {
  switch (event.type) {
    case "run":
      return { ...old, run: event.run };
    case "task":
      return { ...old, tasks: old.tasks.map((task) => (task.id === event.task.id ? event.task : task)) };
    case "log":
      return old.logs.some((line) => line.id === event.log.id) ? old : { ...old, logs: [...old.logs, event.log] };
  }
}
