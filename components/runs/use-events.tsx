"use client";

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState } from "react";
import type { RunDetail, RunEvent } from "@/lib/runs";

const ActiveRuns = createContext<string[]>([]);

/** Least time between two looks at the grid while a run goes on. */
const REFRESH_MS = 400;

/**
 * One stream of run events for the whole page: keeps the cached runs up to date line by
 * line, and has the grid looked at again as tasks end.
 */
export function EventsProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const [active, setActive] = useState<string[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  useEffect(() => {
    const refresh = () => {
      if (timer.current) return;
      timer.current = setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: ["coverage"] });
        void client.invalidateQueries({ queryKey: ["cell"] });
        void client.invalidateQueries({ queryKey: ["runs"] });
        void client.invalidateQueries({ queryKey: ["timings"] });
      }, REFRESH_MS);
    };
    const stream = new EventSource("/api/events");
    stream.onmessage = ({ data }) => {
      const event = JSON.parse(data as string) as RunEvent;
      const id = event.type === "run" ? event.run.id : event.runId;
      client.setQueryData<RunDetail>(["run", id], (old) => old && applied(old, event));
      if (event.type === "run") {
        setActive((ids) =>
          event.run.status === "running" ? [...new Set([...ids, id])] : ids.filter((one) => one !== id),
        );
      }
      if (event.type !== "log") refresh();
    };
    // After a break in the stream, what was missed is read anew.
    stream.onopen = () => void client.invalidateQueries({ queryKey: ["run"] });
    return () => {
      stream.close();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [client]);

  return <ActiveRuns value={active}>{children}</ActiveRuns>;
}

/** Ids of the runs that are under way, as far as this page has heard. */
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
