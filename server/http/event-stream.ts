import { FullcourtError } from "@/lib/errors";
import { onAbort } from "../platform/on-abort";

/** Keeps proxies and the browser from taking a quiet stream for a dead one. */
const BEAT_MS = 15_000;

/** Events that are kept for a reader who does not take them, as a machine that sleeps. */
const MAX_BEHIND = 1_000;

/** Streams that one person may have open: a browser has one, however many its tabs. */
const MAX_OF_PERSON = 20;
/** The same of all together where nobody signs in, and who is who is not known. */
const MAX_OF_NOBODY = 500;

/** Streams that are open, by person. */
const open = new Map<string, number>();

/** Counts a stream of a person until the function that it gives is called; an error where there are too many. */
function countStream(name: string | null): () => void {
  const person = name ?? "This machine";
  const count = open.get(person) ?? 0;
  if (count >= (name === null ? MAX_OF_NOBODY : MAX_OF_PERSON))
    throw new FullcourtError(
      "too_many_requests",
      `${person} has ${count} streams of events open, which is the limit.`,
      "Close some, or poll /api/activity.",
    );
  open.set(person, count + 1);
  return () => {
    const left = (open.get(person) ?? 1) - 1;
    if (left > 0) open.set(person, left);
    else open.delete(person);
  };
}

const encoder = new TextEncoder();
/** Events as they are sent: written down once, however many listen. */
const written = new WeakMap<object, Uint8Array>();

function write(event: object): Uint8Array {
  const known = written.get(event) ?? encoder.encode(`data: ${JSON.stringify(event)}\n\n`);
  written.set(event, known);
  return known;
}

/**
 * Server-sent events for one reader, until he leaves, does not take them, or may not listen any more, which is asked
 * at every beat. `watch` calls back for each event until the function that it gives is called. An error where `person`
 * (null where nobody signs in) has too many streams.
 */
export function eventStream(
  person: string | null,
  watch: (send: (event: object) => void) => () => void,
  mayListen: () => Promise<boolean>,
  left: AbortSignal,
): ReadableStream<Uint8Array> {
  const over = new AbortController();
  onAbort(over.signal, countStream(person));
  return new ReadableStream({
    start(controller) {
      const say = (comment: string) => controller.enqueue(encoder.encode(`: ${comment}\n\n`));
      say("connected");
      const stop = watch((event) => {
        controller.enqueue(write(event));
        if ((controller.desiredSize ?? 0) < -MAX_BEHIND) end();
      });
      const end = () => {
        if (over.signal.aborted) return;
        over.abort();
        controller.close();
      };
      const beat = setInterval(async () => {
        say("still here");
        // A repeated request after a failed one gets the reason.
        if (!(await mayListen().catch(() => false))) end();
      }, BEAT_MS);
      onAbort(over.signal, () => {
        stop();
        clearInterval(beat);
      });
      onAbort(left, end);
    },
    cancel: () => over.abort(),
  });
}
