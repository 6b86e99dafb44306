import type { CellDetail } from "../../api/coverage";
import { few } from "../../util/few";
import { plural } from "./format";

const rows = (n: number) => plural(n, "row");

/** The one sentence that says what a cell is: "0 of 179 rows: it waits for orders". */
export function formatAnswer({ cell, why, runs }: Pick<CellDetail, "cell" | "why" | "runs">): string {
  const { state, rows: found, distinct, expected, copies } = cell;
  const count =
    expected === null
      ? rows(found)
      : found === expected
        ? `All ${rows(found)}`
        : `${found.toLocaleString("en-US")} of ${rows(expected)}`;
  const direct = [...new Set((why?.because ?? []).map(({ table }) => table))];
  const inputs = few(direct, 3);
  switch (state) {
    case "complete":
      return `${count}, once each`;
    case "missing": {
      const built = runs.find(({ status, rows: written }) => status === "succeeded" && written > 0);
      return `${count}: ${built ? "they were built and are gone" : "never built"}`;
    }
    case "partial":
      return inputs ? `${count}: ${inputs} is short` : count;
    case "blocked":
      return inputs ? `${count}: it waits for ${inputs}` : `${count}: an input is missing`;
    case "corrupt":
      return inputs ? `${rows(found)} built on wrong ${inputs}` : `${rows(found)} that cannot be right`;
    case "invalid":
      return `${rows(found)} whose values are not right`;
    case "tainted":
      return inputs ? `${rows(found)} that read a gap of ${inputs}` : `${rows(found)} that read a gap`;
    case "stale":
      return inputs ? `${rows(found)} older than ${inputs}` : `${rows(found)} older than an input`;
    case "outdated":
      return `${rows(found)} of an older version`;
    case "duplicated":
      return found === distinct * copies
        ? `${rows(found)}: every key ${copies} times`
        : `${rows(found)}: ${rows(found - distinct)} too many`;
    case "surplus":
      return `${rows(found)} where ${expected ?? 0} belong`;
    case "failed":
      return `${count}: the last run failed`;
    case "running":
      return "A run is building this cell";
    case "pending":
      return "The date is not over";
    case "bootstrap":
      return "Warm-up: no rows are expected yet";
    case "not_expected":
      return found > 0 ? `${rows(found)}, none expected` : "Nothing is expected on this date";
  }
}
