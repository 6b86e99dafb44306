import { afterEach, expect, test, vi } from "vitest";
import { eventStream } from "./event-stream";

afterEach(() => {
  vi.useRealTimers();
});

/** A stream with its reader's signal, the questions whether he may listen still, and who sends to it. */
function open(person: string | null = "ann") {
  vi.useFakeTimers();
  const left = new AbortController();
  const questions: { resolve: (may: boolean) => void; reject: (error: Error) => void }[] = [];
  const senders = new Set<(event: object) => void>();
  const stream = eventStream(
    person,
    (send) => {
      senders.add(send);
      return () => senders.delete(send);
    },
    () => new Promise((resolve, reject) => questions.push({ resolve, reject })),
    left.signal,
  );
  return { left, questions, senders, stream };
}

/** All that a stream sends until its end. */
const read = (stream: ReadableStream) => new Response(stream).text();

test("a reader hears events and beats until he may not listen any more", async () => {
  const { questions, senders, stream } = open();
  const sent = read(stream);
  for (const send of senders) send({ type: "run" });
  await vi.advanceTimersByTimeAsync(15_000);
  questions[0]?.resolve(true);
  await vi.advanceTimersByTimeAsync(15_000);
  questions[1]?.resolve(false);
  expect(await sent).toBe(': connected\n\ndata: {"type":"run"}\n\n: still here\n\n: still here\n\n');
  expect(senders.size).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(questions).toHaveLength(2);
});

test("a stream ends once, whoever leaves while it is asked whether he may listen", async () => {
  const { left, questions, senders, stream } = open();
  const sent = read(stream);
  await vi.advanceTimersByTimeAsync(30_000);
  left.abort();
  for (const question of questions) question.resolve(false);
  expect(await sent).toContain("still here");
  expect(senders.size).toBe(0);
});

test("a stream that is not read any more is over before its reader's leaving is told", async () => {
  const { left, questions, senders, stream } = open();
  await stream.cancel();
  expect(senders.size).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(questions).toHaveLength(0);
  expect(() => left.abort()).not.toThrow();
});

test("where it can't be asked whether a reader may listen, he hears nothing more", async () => {
  const { questions, senders, stream } = open();
  const sent = read(stream);
  await vi.advanceTimersByTimeAsync(15_000);
  questions[0]?.reject(new Error("the store is away"));
  expect(await sent).toBe(": connected\n\n: still here\n\n");
  expect(senders.size).toBe(0);
});

test("a reader who takes nothing is left behind, not kept for", async () => {
  const { senders } = open();
  for (let sent = 0; sent < 2_000; sent++) for (const send of senders) send({ type: "run" });
  expect(senders.size).toBe(0);
});

test("a person has so many streams at once, and others have theirs", async () => {
  const streams = Array.from({ length: 20 }, () => open("bob"));
  expect(() => open("bob")).toThrow(/bob has 20 streams/);
  open("eve");
  streams[0]?.left.abort();
  await streams[1]?.stream.cancel();
  open("bob");
  open("bob");
  expect(() => open("bob")).toThrow(/20 streams/);
  // Where nobody signs in, all share one bound.
  for (let count = 0; count < 500; count++) open(null);
  expect(() => open(null)).toThrow(/500 streams/);
});
