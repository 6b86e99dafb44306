import { randomBytes } from "node:crypto";
import type { Invalidation } from "@/lib/api/coverage";
import type { InvalidateRequest } from "@/lib/api/schemas";
import { tableOf } from "@/lib/engine/pipeline/find";
import { FullcourtError } from "@/lib/errors";
import { audited, speakerOf } from "../access/audit";
import type { Context } from "../context";
import { publishCells } from "../runner/events";
import { addInvalidation, listInvalidations, removeInvalidation } from "../state/invalidations";

/** Calls rows of a table that were written before a time outdated, whoever wrote them; what reads them follows. */
export async function invalidate(context: Context, request: InvalidateRequest): Promise<Invalidation> {
  const { table, start, end, reason } = request;
  const { observed } = tableOf(context.pipeline, table);
  if (observed && observed.builtAt === null)
    throw new FullcourtError(
      "no_written_at",
      `Nobody knows when rows of ${table} were written: its definition names no column that says so.`,
      "Name one in writtenAt of the table.",
    );
  const at = new Date();
  const before = new Date(request.before);
  if (before > at)
    throw new FullcourtError(
      "bad_time",
      `${before.toISOString()} is still to come: rows that are written until then would be outdated.`,
      "Name the time of the fix.",
    );
  const by = speakerOf(context, request.by);
  const id = randomBytes(4).toString("hex");
  const one = { id, table, before: before.toISOString(), start, end, reason, by, createdAt: at.toISOString() };
  const dates = start || end ? ` ${start ?? ""}..${end ?? ""}` : "";
  await audited(context, "invalidate", [`${id} ${table}${dates} before ${one.before}`], (db) =>
    addInvalidation(db, one),
  );
  publishCells(context, null);
  return one;
}

/** Invalidations in force, oldest first. */
export const readInvalidations = ({ state }: Pick<Context, "state">): Promise<Invalidation[]> =>
  listInvalidations(state.db);

/** Takes one back: the rows are as good as they were. */
export async function withdrawInvalidation(context: Context, id: string): Promise<void> {
  await audited(context, "invalidate.withdraw", [id], (db) => removeInvalidation(db, id));
  publishCells(context, null);
}
