"use client";

import { formatAgo } from "@/lib/util/dates";
import { useNow } from "./use-now";

/** "5 min ago", kept up to date, with the exact moment (UTC) on hover; `at` is an ISO moment. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow(15_000);
  return (
    <time dateTime={at} title={`${at.slice(0, 10)} ${at.slice(11, 19)} UTC`}>
      {now === 0 ? at.slice(0, 10) : formatAgo(Date.parse(at), now)}
    </time>
  );
}
