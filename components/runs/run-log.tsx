"use client";

import { useMutation } from "@tanstack/react-query";
import { ArrowDownToLine, Download } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { RunDetail } from "@/lib/api/runs";
import { countLevels, filterLog, LOG_LEVELS, type LogLevel } from "@/lib/engine/view/filter-log";
import { getJson } from "../data/get-json";
import { Button } from "../ui/button";
import { SearchField } from "../ui/form";
import { Card, ErrorText } from "../ui/parts";
import { SegmentedControl } from "../ui/select";

/** Lines that one press shows more. */
const LINES = 1_000;
/** Nearer to the end than this, px, counts as the end. */
const END_PX = 24;

const LEVEL_CLASSES = { info: "", warn: "bg-downstream-tint", error: "bg-wrong-tint" };
const WORD_CLASSES = {
  info: "text-soft",
  warn: "font-semibold text-downstream-ink",
  error: "font-semibold text-wrong-ink",
};

type Props = Pick<RunDetail, "logs" | "hasMoreLogs"> & { id: string; startedAt: string };

/** A run's log: by level and by search, following its end until somebody scrolls away from it. */
export function RunLog({ id, startedAt, logs, hasMoreLogs }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [level, setLevel] = useState<LogLevel>("all");
  const [search, setSearch] = useState("");
  const [isFollowing, setFollowing] = useState(true);
  const [earlier, setEarlier] = useState<{ lines: RunDetail["logs"]; hasMore: boolean } | null>(null);
  const more = useMutation({
    mutationFn: () => {
      const before = (earlier?.lines[0] ?? logs[0])?.id;
      return getJson<RunDetail["logs"]>(`/api/runs/${id}/logs?limit=${LINES}&before=${before}`);
    },
    onSuccess: (lines) => {
      setFollowing(false);
      setEarlier((old) => ({ lines: [...lines, ...(old?.lines ?? [])], hasMore: lines.length === LINES }));
    },
  });
  const all = [...(earlier?.lines ?? []), ...logs];
  const counts = countLevels(all);
  const shown = filterLog(all, level, search);
  const last = shown.at(-1)?.id;
  useEffect(() => {
    if (isFollowing && last !== undefined) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [isFollowing, last]);

  const save = () => {
    const link = document.createElement("a");
    const text = shown.map(({ at, level: of, message }) => `${at} ${of} ${message}\n`).join("");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = `fullcourt-run-${id}.log`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <Card className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <h2 className="mr-1 font-semibold">Log</h2>
        <SegmentedControl
          label="Level"
          value={level}
          options={LOG_LEVELS.map((value) => ({ value, words: `${value} ${counts[value]}` }))}
          onChoose={setLevel}
        />
        <SearchField
          label="Search the log"
          value={search}
          placeholder="Search the log"
          onSearch={setSearch}
          className="w-36"
        />
        <span className="ml-auto flex items-center gap-1">
          <Button
            variant={isFollowing ? "secondary" : "ghost"}
            aria-pressed={isFollowing}
            onClick={() => setFollowing(!isFollowing)}
          >
            <ArrowDownToLine aria-hidden="true" />
            Follow
          </Button>
          <Button variant="ghost" className="px-2" aria-label="Save the log" title="Save the log" onClick={save}>
            <Download aria-hidden="true" />
          </Button>
        </span>
      </div>
      <ErrorText>{more.error?.message}</ErrorText>
      <div
        ref={box}
        role="log"
        aria-label="Log"
        tabIndex={0}
        className="max-h-80 min-h-24 overflow-y-auto py-1 font-mono text-xs leading-5"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollowing(scrollHeight - scrollTop - clientHeight < END_PX)
        }
      >
        {(earlier ? earlier.hasMore : hasMoreLogs) && (
          <Button className="mx-4 my-1 font-sans" onClick={() => more.mutate()} disabled={more.isPending}>
            Show earlier lines
          </Button>
        )}
        {shown.length === 0 && (
          <p className="px-4 py-2 font-sans text-sm text-soft">
            {all.length === 0 ? "No lines yet." : "No line matches."}
          </p>
        )}
        {shown.map((line) => (
          <div key={line.id} className={`flex gap-4 px-4 ${LEVEL_CLASSES[line.level]}`}>
            <time
              dateTime={line.at}
              title={`${line.at.slice(0, 10)} ${line.at.slice(11, 23)} UTC`}
              className="w-16 shrink-0 text-right text-soft"
            >
              {sinceStart(startedAt, line.at)}
            </time>
            <span className={`w-10 shrink-0 ${WORD_CLASSES[line.level]}`}>{line.level}</span>
            <span className="min-w-0 [overflow-wrap:anywhere]">{line.message}</span>
          </div>
        ))}
      </div>
    </Card>
  );
}

/** "1.22 s" after the start, "12 min 3 s" later on; the time of day for lines of an earlier attempt. */
function sinceStart(startedAt: string, at: string): string {
  const seconds = (Date.parse(at) - Date.parse(startedAt)) / 1000;
  if (seconds < -1) return at.slice(11, 19);
  if (seconds < 600) return `${Math.max(0, seconds).toFixed(2)} s`;
  return at.slice(11, 19);
}
