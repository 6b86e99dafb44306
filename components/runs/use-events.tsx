"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { cellKey } from "@/lib/coverage/types";
import { changeWords, type Pulse, type RunDetail, type RunEvent, type RunView } from "@/lib/runs";
import { getJson } from "../data/get-json";

interface Running {
  /** Ids of the runs under way. */
  runs: string[];
  /** Keys of the cells that they are at. */
  cells: ReadonlySet<string>;
}

const NO_CELLS: ReadonlySet<string> = new Set();
const NOTHING: Running = { runs: [], cells: NO_CELLS };
const RunningContext = createContext<Running>(NOTHING);

/** Least time between two looks at what stands beside the grid while a run goes on. */
const BESIDE_MS = 1_000;
/** How often an idle page asks whether anything has happened. */
const PULSE_MS = 3_000;

/**
 * Keeps a page's data up to date. An idle page asks for the pulse now and then; while
 * something runs, one stream of events moves cells and runs at once and has the grid looked
 * at again as tasks end. No stream is held open without need: a browser has few connections
 * to a server, and many tabs share them.
 */
export function EventsProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const seen = useRef<number | undefined>(undefined);
  /** Cells whose task has ended: they show as running until the data have been looked at again. */
  const ended = useRef<string[]>([]);
  const [cells, setCells] = useState<ReadonlySet<string>>(NO_CELLS);
  const { data: pulse } = useQuery({
    queryKey: ["pulse"],
    queryFn: () => getJson<Pulse>("/api/pulse"),
    refetchInterval: PULSE_MS,
    refetchOnWindowFocus: true,
  });
  const active = pulse?.active ?? NOTHING.runs;
  const isRunning = active.length > 0;
  const changes = pulse?.changes;

  const look = useRef(
    oneAtATime(async () => {
      const keys = ended.current;
      ended.current = [];
      await client.invalidateQueries({ predicate: ({ queryKey }) => isOfGrid(queryKey) });
      if (keys.length > 0) setCells((old) => new Set([...old].filter((key) => !keys.includes(key))));
    }, 0),
  );
  const lookBeside = useRef(
    oneAtATime(async () => {
      const beside = [["coverage", "overview"], ["runs"], ["timings"], ["table"]];
      await Promise.all(beside.map((queryKey) => client.invalidateQueries({ queryKey })));
    }, BESIDE_MS),
  );
  const refresh = useCallback(() => {
    look.current();
    lookBeside.current();
  }, []);

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
      if (event.type === "task") {
        const { table, dates, status } = event.task;
        setCells((old) => {
          const next = new Set(old);
          for (const date of dates) if (status === "running") next.add(cellKey(table, date));
          return next;
        });
        if (status !== "running") ended.current.push(...dates.map((date) => cellKey(table, date)));
      }
      if (event.type === "run") {
        void client.invalidateQueries({ queryKey: ["pulse"] });
        if (event.run.endedAt) tellEnd(event.run);
      }
      if (event.type === "run" || (event.type === "task" && event.task.endedAt)) refresh();
    };
    // What was said before the stream was open, or while it was broken, is read anew.
    stream.onopen = () => void client.invalidateQueries({ queryKey: ["run"] });
    return () => {
      stream.close();
      setCells(NO_CELLS);
      void client.invalidateQueries({ queryKey: ["run"] });
      refresh();
    };
  }, [client, isRunning, refresh]);

  return <RunningContext value={{ runs: active, cells }}>{children}</RunningContext>;
}

/** True for what the grid shows: it is looked at as soon as a task ends. */
const isOfGrid = ([of, what]: readonly unknown[]) => of === "cell" || (of === "coverage" && what !== "overview");

/**
 * Work that is asked for again and again: done at once where it rests, and once more after what is under way,
 * however often it was asked for meanwhile, but not sooner than after `gapMs`.
 */
function oneAtATime(work: () => Promise<void>, gapMs: number): () => void {
  let isBusy = false;
  let isAsked = false;
  const run = async () => {
    isBusy = true;
    isAsked = false;
    // What it shows is kept where it fails; the next event or pulse asks again.
    await work().catch(() => undefined);
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs));
    isBusy = false;
    if (isAsked) void run();
  };
  return () => {
    isAsked = true;
    if (!isBusy) void run();
  };
}

/** One word at a run's end, however often it is heard, which goes away by itself. */
function tellEnd(run: RunView): void {
  const words = run.changes && run.changes.length > 0 ? changeWords(run.changes) : "nothing changed in the grid";
  const say = run.status === "succeeded" ? toast.success : run.status === "cancelled" ? toast : toast.error;
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
export function useActiveRuns(): string[] {
  return useContext(RunningContext).runs;
}

/** Keys of the cells that runs are at now. */
export function useRunningCells(): ReadonlySet<string> {
  return useContext(RunningContext).cells;
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
