import { setImmediate } from "node:timers/promises";

/** Elements of a list that are written at a time: a few milliseconds of work. */
const AT_ONCE = 500;

/** The JSON of a list, a piece at a time. */
function* listPieces(list: Iterable<unknown>): Generator<string> {
  let [piece, count] = ["[", 0];
  for (const one of list) {
    piece += `${count === 0 ? "" : ","}${JSON.stringify(one) ?? "null"}`;
    if (++count % AT_ONCE !== 0) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}]`;
}

/**
 * The JSON of an object whose members may be long, a piece at a time. A member that can only be gone through is a list,
 * one that is a function is called when those before it are written.
 */
function* objectPieces(object: object): Generator<string> {
  let before = "{";
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    before = ",";
    if (isList(value)) yield* listPieces(value);
    else yield JSON.stringify(typeof value === "function" ? value() : value);
  }
  yield before === "{" ? "{}" : "}";
}

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.iterator in value;

const isLong = (value: unknown): boolean => isList(value) && !(Array.isArray(value) && value.length <= AT_ONCE);

/**
 * JSON as an answer. What is long is written and sent a piece at a time, at the reader's pace: others are answered in
 * between, and the whole text is never held.
 */
export function jsonAnswer(value: unknown): Response {
  const members = typeof value === "object" && value !== null ? Object.values(value) : [];
  if (!isLong(value) && !members.some(isLong)) return Response.json(value);
  const pieces = isList(value) ? listPieces(value) : objectPieces(value as object);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await setImmediate();
      const { value: piece, done } = pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(piece));
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}
