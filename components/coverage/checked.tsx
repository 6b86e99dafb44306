"use client";

import { useEffect, useState } from "react";

const MINUTE_MS = 60_000;

/** "checked 3 min ago": how old the look at the warehouse is, moving on by itself. */
export function Checked({ at }: { at: string }) {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MS / 4);
    return () => clearInterval(timer);
  }, []);
  const minutes = now === null ? 0 : Math.floor((now - Date.parse(at)) / MINUTE_MS);
  return (
    <span className="min-w-36 text-sm text-soft">
      {minutes < 1
        ? "checked just now"
        : minutes < 120
          ? `checked ${minutes} min ago`
          : `checked ${Math.floor(minutes / 60)} h ago`}
    </span>
  );
}
