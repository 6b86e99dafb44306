import type { ColumnsDocument } from "../../api/columns";
import type { Cell } from "../../api/coverage";
import type { Processor } from "../pipeline/compiled";
import { type CoverageFacts, cellKey } from "./types";

interface Range {
  start: string;
  end: string;
}

/** What is known of the values of a table's columns on the dates of a range; of one of them only, where it is named. */
export function toColumns(
  facts: CoverageFacts,
  cells: ReadonlyMap<string, Cell>,
  table: Pick<Processor, "id" | "columns" | "dateColumn">,
  { start, end }: Range,
  only?: string,
): ColumnsDocument {
  const values = facts.values?.get(table.id);
  const dates = [...(values?.keys() ?? [])].filter((date) => date >= start && date <= end).sort();
  const known = dates.flatMap((date) => {
    const found = values?.get(date);
    return found?.columns ? [{ date, rows: found.rows, columns: found.columns }] : [];
  });
  return {
    table: table.id,
    columns: table.columns.flatMap(({ name }, at) =>
      name === table.dateColumn || (only !== undefined && only !== name)
        ? []
        : [
            {
              column: name,
              dates: known.flatMap(({ date, rows, columns }) => {
                const figures = columns[at];
                if (!figures) return [];
                const checks = (cells.get(cellKey(table.id, date))?.checks ?? []).filter(
                  ({ column }) => column === name,
                );
                return [{ date, rows, nulls: figures.nulls, zeros: figures.zeros, checks }];
              }),
            },
          ],
    ),
  };
}

/** Steps of a share between none and all rows. */
const STEPS = 50;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** Nothing is known, or no check is broken. */
const NONE = ".";

/** None and all are exact, all else is to the next fiftieth between them. */
const levelOf = (count: number, rows: number): number =>
  count === 0 ? 0 : count === rows ? STEPS : Math.max(1, Math.min(STEPS - 1, Math.round((count / rows) * STEPS)));

/** "AAAAB" as "A5B". */
const shorten = (letters: string): string =>
  letters.replace(/(.)\1+/g, (run, letter: string) => `${letter}${run.length}`);
const lengthen = (text: string): string =>
  text.replace(/(\D)(\d+)/g, (_, letter: string, times: string) => letter.repeat(Number(times)));

/** Columns by date for the page: a letter a date, equal ones in a row counted. */
export interface EncodedColumns {
  table: string;
  /** All dates of which the values are known, ascending. */
  dates: readonly string[];
  columns: ReadonlyArray<{
    name: string;
    nulls: string;
    /** Empty where the column is no number. */
    zeros: string;
    checks: string;
  }>;
}

/** The same in the least that draws a map of it: shares to the next fiftieth, and the worst check of each date. */
export function encodeColumns({ table, columns }: ColumnsDocument): EncodedColumns {
  const dates = columns[0]?.dates.map(({ date }) => date) ?? [];
  return {
    table,
    dates,
    columns: columns.map(({ column, dates: own }) => {
      const letters = (of: (one: (typeof own)[number]) => string) => shorten(own.map(of).join(""));
      const level = (count: number, rows: number) => (rows === 0 ? NONE : (LETTERS[levelOf(count, rows)] as string));
      return {
        name: column,
        nulls: letters(({ nulls, rows }) => level(nulls, rows)),
        zeros: own.some(({ zeros }) => zeros !== null) ? letters(({ zeros, rows }) => level(zeros ?? 0, rows)) : "",
        checks: letters(({ checks }) =>
          checks.some(({ level }) => level === "fail") ? "f" : checks.length > 0 ? "w" : NONE,
        ),
      };
    }),
  };
}

/** A line of the map: of each date the share, 0 to 1, or null where nothing is known of it. */
export const decodeShares = (text: string): Array<number | null> =>
  [...lengthen(text)].map((letter) => (letter === NONE ? null : LETTERS.indexOf(letter) / STEPS));

/** Of each date whether a check fails, warns, or none does. */
export const decodeChecks = (text: string): Array<"fail" | "warn" | null> =>
  [...lengthen(text)].map((letter) => (letter === "f" ? "fail" : letter === "w" ? "warn" : null));
