import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonAnswer } from "./json-stream";

it("a long answer is the same JSON, in pieces and at the reader's pace", async () => {
  let made = 0;
  function* rows() {
    for (let at = 0; at < 5_000; at++) {
      made++;
      yield { at, text: "x".repeat(100) };
    }
  }
  const answer = jsonAnswer({ first: 1, rows: rows(), last: () => made, none: undefined });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let piece = await reader.read();
  for (text += decoder.decode(piece.value); text.length < 100; text += decoder.decode(piece.value))
    piece = await reader.read();
  expect(made).toBeLessThan(2_000);
  for (piece = await reader.read(); !piece.done; piece = await reader.read()) text += decoder.decode(piece.value);
  const rest = JSON.parse(text);
  expect(Object.keys(rest)).toEqual(["first", "rows", "last"]);
  expect(rest.rows).toHaveLength(5_000);
  expect(rest.last).toBe(5_000);
});

it("any value is answered as JSON.stringify writes it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.integer({ min: 0, max: 1_200 }), async (value, length) => {
      const long = Array.from({ length }, () => value);
      for (const one of [value, long, { a: value, long, b: [] }])
        expect(await jsonAnswer(one).text()).toBe(JSON.stringify(one));
    }),
    { numRuns: 30 },
  );
});
