import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { readPlain } from "./plain-csv";
import { readAnyCsv } from "./read";

const stream = (text: string, size: number) => {
  const bytes = Buffer.from(text);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
  return Readable.from(parts, { objectMode: false });
};

const aLine = fc
  .array(fc.stringMatching(/^[a-cé "\t\r]{0,4}$/), { minLength: 1, maxLength: 4 })
  .map((cells) => cells.join(","));
const aFile = fc
  .record({
    bom: fc.boolean(),
    header: fc.constantFrom("x,y", "x,y", " x , y\t", "x", "x,x", "x,"),
    lines: fc.array(
      fc.oneof(
        { weight: 1, arbitrary: aLine },
        { weight: 6, arbitrary: fc.constantFrom("1,2", " 1 ,\t2", "", ",", "é,ü") },
      ),
      { maxLength: 6 },
    ),
    end: fc.constantFrom("\n", "\r\n"),
    last: fc.boolean(),
  })
  .map(
    ({ bom, header, lines, end, last }) => `${bom ? "\uFEFF" : ""}${[header, ...lines].join(end)}${last ? end : ""}`,
  );

it("a plain CSV is read as the parser of any CSV reads it, in pieces of any size", async () => {
  let plain = 0;
  await fc.assert(
    fc.asyncProperty(aFile, fc.integer({ min: 1, max: 40 }), async (text, size) => {
      const found = await readPlain(stream(text, size));
      if (found === null) return;
      plain++;
      const { headers, rows } = await readAnyCsv("file", stream(text, size));
      expect({ headers: found.headers, rows: [...found.rows] }).toEqual({ headers, rows: [...rows] });
    }),
    { seed: 7, numRuns: 2_000 },
  );
  expect(plain).toBeGreaterThan(300);
});

it("what is quoted, uneven, empty or too long is left to that parser", async () => {
  const isPlain = async (text: string) => (await readPlain(stream(text, 1 << 16))) !== null;
  expect(await isPlain("x,y\n1,2\n")).toBe(true);
  for (const text of [
    'x,y\n"1",2\n',
    "x,y\n1\n",
    "x,y\n1,2,3\n",
    "x,y\n",
    "",
    "x,x\n1,2\n",
    "x\r1\r2\r",
    `x,y\n1,${"2".repeat(1 << 21)}`,
  ])
    expect(await isPlain(text), text.slice(0, 20)).toBe(false);
});
