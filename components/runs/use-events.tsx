"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { createContext, useCallback, useContext, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import type { Pulse, RunDetail, RunEvent, RunView } from "@/lib/api/runs";
import { type LiveCells, RUNNING } from "@/lib/coverage/page";
import { cellKey } from "@/lib/coverage/types";
import { type CellsEvent, changeWords } from "@/lib/runs";
import { getJson } from "../data/get-json";

interface Running {
  /** Ids of the runs under way. */
  runs: string[];
  /** The cells that they are at, and those that they have built since the grid was looked at. */
  cells: LiveCells;
}

const NO_CELLS: LiveCells = new Map();
const NOTHING: Running = { runs: [], cells: NO_CELLS };
const RunningContext = createContext<Running>(NOTHING);

/** Least time between two looks while a run goes on: its own cells come with its events, others follow from them. */
const LOOK_MS = 1_000;
/** How often an idle page asks whether anything has happened. */
const PULSE_MS = 3_000;

/**
 * Keeps a page's data up to date. An idle page asks for the pulse now and then; while
 * something runs, one stream of events moves cells and runs at once, and has the grid looked
 * at again for what follows from them. No stream is held open without need: a browser has few connections
 * to a server, and many tabs share them.
 */
export function EventsProvider({ children }: { children: React.ReactNode }) {
  const client = useQueryClient();
  const seen = useRef<number | undefined>(undefined);
  const live = useRef(new Map<string, string>());
  /** Cells whose task has ended: what events have said of them shows until they have been looked at. */
  const ended = useRef(new Set<string>());
  const [cells, setCells] = useState<LiveCells>(NO_CELLS);
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
      const keys = [...ended.current];
      ended.current.clear();
      await client.invalidateQueries({ predicate: ({ queryKey }) => isOfGrid(queryKey) });
      for (const key of keys) if (!ended.current.has(key)) live.current.delete(key);
      if (keys.length > 0) setCells(new Map(live.current));
    }, LOOK_MS),
  );
  const lookBeside = useRef(
    oneAtATime(async () => {
      const beside = [["coverage", "overview"], ["runs"], ["timings"], ["table"]];
      await Promise.all(beside.map((queryKey) => client.invalidateQueries({ queryKey })));
    }, LOOK_MS),
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
    const hear = (codes: Iterable<readonly [key: string, code: string]>) => {
      for (const [key, code] of codes) live.current.set(key, code);
      setCells(new Map(live.current));
    };
    const stream = new EventSource("/api/events");
    stream.onmessage = ({ data }) => {
      const event = JSON.parse(data as string) as RunEvent | CellsEvent;
      const id = event.type === "run" ? event.run.id : event.runId;
      if (event.type === "cells") {
        hear(Object.entries(event.codes));
        for (const key of Object.keys(event.codes)) ended.current.add(key);
        return refresh();
      }
      client.setQueryData<RunDetail>(["run", id], (old) => old && applied(old, event));
      if (event.type === "task") {
        const { table, dates, status } = event.task;
        const keys = dates.map((date) => cellKey(table, date));
        if (status === "running") hear(keys.map((key) => [key, RUNNING]));
        for (const key of keys)
          if (status === "running") ended.current.delete(key);
          else ended.current.add(key);
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
      for (const key of live.current.keys()) ended.current.add(key);
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

/** What runs have said of cells since the grid was looked at. */
export function useLiveCells(): LiveCells {
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
