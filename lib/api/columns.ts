import { z } from "zod";
import { count, date } from "./common";
import { cell } from "./coverage";

/** What the columns of a table hold, by date: NULL and zero among its rows, and the checks that name the column. */
export const columns = z.strictObject({
  table: z.string(),
  columns: z.array(
    z.strictObject({
      column: z.string(),
      /** Dates of which the values are known, ascending. */
      dates: z.array(
        z.strictObject({
          date,
          rows: count,
          nulls: count,
          /** Null where the column is no number. */
          zeros: count.nullable(),
          checks: cell.shape.checks,
        }),
      ),
    }),
  ),
});

export type ColumnsDocument = z.output<typeof columns>;
