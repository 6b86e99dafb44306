import { randomBytes } from "node:crypto";
import type { Acceptance, Gap } from "@/lib/api/coverage";
import type { AcceptRequest } from "@/lib/api/schemas";
import { hasBaselines } from "@/lib/engine/coverage/expectation";
import { acceptable, isInForce } from "@/lib/engine/coverage/overlay";
import { cellKey } from "@/lib/engine/coverage/types";
import { FullcourtError } from "@/lib/errors";
import { dateList } from "@/lib/util/dates";
import { entryOf } from "@/lib/util/group-by";
import { audited, speakerOf } from "../access/audit";
import type { Context } from "../context";
import { publishCells } from "../runner/events";
import { addAcceptances, listAcceptances, removeAcceptance } from "../state/acceptances";
import { readCoverage } from ".";

/**
 * Accepts the gaps among some cells, one acceptance a table, and rows that are outdated as they are, one more. They leave
 * counts and plans, and return when they expire or when their rows change. A baseline begins again with gaps.
 */
export async function acceptGaps(context: Context, request: AcceptRequest): Promise<Acceptance[]> {
  const { reason, expires } = request;
  const by = speakerOf(context, request.by);
  if (expires !== null && expires < context.today())
    throw new FullcourtError("bad_expiry", `It would have expired on ${expires} already.`, "Choose a later date.");
  const asked = request.cells.map((cell) => cell.date).sort();
  const { cells } = await readCoverage(context, asked[0] as string, asked.at(-1) as string);
  const created = { reason, by, expires, createdAt: new Date().toISOString() };
  const found = new Map<string, Acceptance>();
  for (const { table, date } of request.cells) {
    const cell = cells.get(cellKey(table, date));
    const accepts = cell && !cell.accepted ? acceptable(cell) : null;
    if (!cell || !accepts) continue;
    const { cells: own } = entryOf(found, `${table} ${accepts}`, (): Acceptance => {
      return { id: randomBytes(4).toString("hex"), table, cells: {}, ...created, accepts };
    });
    own[date] = cell.rows;
  }
  if (found.size === 0)
    throw new FullcourtError(
      "no_gap",
      "None of these cells has a gap to accept.",
      "Choose cells that need work, or are outdated.",
    );
  const list = [...found.values()];
  const subjects = list.map((one) => `${one.id} ${one.table} ${dateList(Object.keys(one.cells).sort())}`);
  await audited(context, "gaps.accept", subjects, (db) => addAcceptances(db, list));
  // Where a baseline begins again, dates after it are judged otherwise.
  const dates = new Map(list.map((one) => [one.table, Object.keys(one.cells)]));
  publishCells(context, hasBaselines(context.pipeline) ? null : dates);
  return list;
}

export async function listGaps(context: Context): Promise<Gap[]> {
  const list = await listAcceptances(context.state.db);
  const dates = list.flatMap((one) => Object.keys(one.cells)).sort();
  const [first, last] = [dates[0], dates.at(-1)];
  if (!first || !last) return [];
  const { cells } = await readCoverage(context, first, last);
  return list.map((one): Gap => {
    const holding = Object.keys(one.cells).filter(
      (date) => cells.get(cellKey(one.table, date))?.accepted?.id === one.id,
    );
    const status = !isInForce(one, context.today()) ? "expired" : holding.length > 0 ? "in force" : "data came";
    return { ...one, status, holding };
  });
}

/** Takes an acceptance back: its gaps count again. */
export async function withdrawGap(context: Context, id: string): Promise<void> {
  await audited(context, "gaps.withdraw", [id], (db) => removeAcceptance(db, id));
  publishCells(context, null);
}
