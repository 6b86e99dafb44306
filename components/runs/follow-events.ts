import type { RunEvent } from "@/lib/api/runs";

/** The lock of the tab that has the stream, and the channel over which it passes events on. */
const NAME = "fullcourt events";
/** Pause before a stream that the server refused is asked for again. */
const RETRY_MS = 15_000;

/** What one tab says to the others: an event as it came, or that the stream is open, of which what was missed is to be asked. */
const OPENED = "opened";

/**
 * Follows the server's events until the function that it gives is called. All tabs of a browser share one stream, as
 * it has six connections to a server: the tab that has the lock keeps it and passes events on; when that tab closes,
 * another takes over. Where the browser has no locks, as without HTTPS on another machine, each tab has its own.
 */
export function followEvents(onEvent: (event: RunEvent) => void, onOpen: () => void): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const channel = "locks" in navigator ? new BroadcastChannel(NAME) : undefined;
  const hear = (text: string) => (text === OPENED ? onOpen() : onEvent(JSON.parse(text) as RunEvent));

  /** One stream, until it is refused or nobody follows it any more. */
  const stream = () =>
    new Promise<void>((resolve) => {
      const source = new EventSource("/api/events");
      const end = () => {
        source.close();
        resolve();
      };
      const pass = (text: string) => {
        hear(text);
        channel?.postMessage(text);
      };
      source.onmessage = ({ data }) => pass(data as string);
      source.onopen = () => pass(OPENED);
      // A connection that broke is made again by the browser; an answer that is no stream ends it.
      source.onerror = () => source.readyState === EventSource.CLOSED && end();
      signal.addEventListener("abort", end, { once: true });
    });
  const keep = async () => {
    while (!signal.aborted) {
      await stream();
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };

  if (channel) {
    channel.onmessage = ({ data }) => hear(data as string);
    // Refused when the tab stops waiting for it.
    navigator.locks.request(NAME, { signal }, keep).catch(() => undefined);
  } else void keep();
  return () => {
    stopped.abort();
    channel?.close();
  };
}
