import { expect, it } from "vitest";
import { progressBar, statusLine } from "./status-line";

function terminal(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string) => written.push(text) > 0 };
}
const CLEARED = "\r\x1b[2K";

it("on a terminal the last line is drawn over, and what else is written stands above it", () => {
  const stream = terminal(true);
  const line = statusLine(stream);
  line.show("1 of 2");
  line.show("1 of 2");
  line.around(() => stream.write("pgs succeeded\n"));
  line.show("");
  expect(stream.written).toEqual([`${CLEARED}1 of 2`, CLEARED, "pgs succeeded\n", `${CLEARED}1 of 2`, CLEARED]);
});

it("a line never wraps, and a file or a pipe gets none", () => {
  const stream = terminal(true, 5);
  statusLine(stream).show("1 of 20");
  expect(stream.written).toEqual([`${CLEARED}1 of`]);
  const pipe = terminal(false);
  const line = statusLine(pipe);
  line.show("1 of 2");
  line.around(() => pipe.write("out"));
  expect(pipe.written).toEqual(["out"]);
});

it("the bar is empty at first and full at the end", () => {
  expect(progressBar(0, 10)).toBe(`[${"-".repeat(24)}]  0 of 10`);
  expect(progressBar(5, 10)).toBe(`[${"#".repeat(12)}${"-".repeat(12)}]  5 of 10`);
  expect(progressBar(10, 10)).toBe(`[${"#".repeat(24)}]  10 of 10`);
});
