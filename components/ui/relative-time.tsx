"use client";

import { formatAgo, nowFor } from "@/lib/util/dates";
import { useFixedToday } from "../layout/context";
import { useNow } from "./use-now";

/**
 * "5 min ago", kept up to date, with the exact moment (UTC) on hover; `at` is an ISO moment. Where a date stands for
 * today, as in the demo, moments up to it are as old as they are then.
 */
export function RelativeTime({ at }: { at: string }) {
  const now = nowFor(at, useNow(15_000), useFixedToday());
  return (
    <time dateTime={at} title={`${at.slice(0, 10)} ${at.slice(11, 19)} UTC`}>
      {now === 0 ? at.slice(0, 10) : formatAgo(Date.parse(at), now)}
    </time>
  );
}
