import { useEffect, useState } from "react";

/** The clock, read again and again while it is given how often; 0 until the page is live, as on the server. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    setNow(Date.now());
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
