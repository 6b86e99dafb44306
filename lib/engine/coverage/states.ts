import type { Cause, Cell } from "../../api/coverage";
import { addDays, dayNumber } from "../../util/dates";
import type { Finding } from "../checks/findings";
import type { Processor } from "../pipeline/compiled";
import { tableOf } from "../pipeline/find";
import type { Input } from "../pipeline/types";
import { calendarsOf } from "../pipeline/windows";
import { CellDraft } from "./cell-draft";
import { CellIndex, type EpochCells } from "./cell-index";
import { type Expectation, Expectations, isUnusual, usualOfSources } from "./expectation";
import { observedCell, observedDates } from "./observed";
import { judgeVersion } from "./outdated";
import type { ParamsOf } from "./reasons";
import { CALENDAR, ShortSources, servedOf } from "./short";
import { type CoverageFacts, cellKey, type DateFacts, DEFECTS, isDefect, isMadeBeforehand, isShort } from "./types";
import { ValueFindings } from "./value-findings";

/** So many days a unit that is done is waited for, of which nobody has anything. */
const UNSEEN_DAYS = 2;

/** A date is over when it has passed, or, where the calendar knows of results, when all its units have theirs. */
export function isOver({ pipeline }: CoverageFacts, day: DateFacts, today: string): boolean {
  const hasResults = pipeline.definition.calendar.source.kind === "sql";
  return day.date < today || (hasResults && day.due > 0 && day.done === day.due);
}

/**
 * Names the state of every (table, date) of the facts' epochs, from the data alone:
 * counts against expected counts, grain keys, and who was built after whom. Tables go in
 * topological order, as a cell's state follows from its inputs' states. `clock` is the time of day in the pipeline's zone.
 */
export function classify(facts: CoverageFacts, today: string, clock = "24:00"): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const epochs = new CellIndex(facts);
  const usual = usualOfSources(facts, today);
  const shorts = new ShortSources(facts, today);
  const calendars = calendarsOf(facts);
  for (const table of facts.pipeline.order) {
    const findings = new ValueFindings(table, facts);
    // Of a table of another program whose rows nobody can tell the number of, what it reads says where some belong.
    if (table.observed && typeof table.expected.rule === "string") {
      for (const date of observedDates(table, facts)) {
        const epoch = epochs.of(date);
        const isDue = table.cadence === undefined || epoch.calendar.isDue(table.id, date);
        const cell = observedCell(table, date, facts, cells, {
          isDue,
          dueAt: dueLater(table, date, today, clock),
          findings: findings.on(date, isDue),
        });
        findings.learn(cell);
        epoch.add(cell);
        cells.set(cellKey(table.id, date), cell);
      }
      continue;
    }
    const known = facts.tables.get(table.id);
    const due = table.cadence === undefined ? [] : [...calendars].flatMap(([, one]) => one.dates);
    const dates = [...new Set([...facts.dates.keys(), ...due, ...(known?.keys() ?? [])])].sort();
    const expectations = new Expectations(table, facts);
    for (const date of dates) {
      const epoch = epochs.of(date);
      const draft = new Classifier(facts, epoch, shorts, today, clock, table, date, expectations, usual);
      const isDue = date <= today && epoch.calendar.isDue(table.id, date);
      const cell = draft.cell(findings.on(date, isDue));
      findings.learn(cell);
      expectations.learn(cell);
      epoch.add(cell);
      cells.set(cellKey(table.id, date), cell);
    }
  }
  return cells;
}

/** When the rows of a date are to be there, where that is still to come. */
function dueLater(
  { due, dueBy }: Pick<Processor, "due" | "dueBy">,
  date: string,
  today: string,
  clock: string,
): ParamsOf<"due_later"> | null {
  if (dueBy === undefined) return null;
  const on = due === "afterwards" ? addDays(date, 1) : date;
  return on > today || (on === today && clock < dueBy) ? { date: on, time: dueBy } : null;
}

class Classifier extends CellDraft {
  private readonly day: DateFacts | undefined;
  private expectation: Expectation | undefined;
  /** Rows that can be made of what the sources hold; null where that is not counted. */
  private readonly possible: number | null;
  /** A source that its rows cannot do without lacks a part of the date, or all of it. */
  private isSourceShort = false;
  private servesNothing = false;

  constructor(
    private readonly facts: CoverageFacts,
    private readonly epoch: EpochCells,
    private readonly shorts: ShortSources,
    private readonly today: string,
    private readonly clock: string,
    private readonly table: Processor,
    date: string,
    private readonly expectations: Expectations,
    private readonly usual: ReturnType<typeof usualOfSources>,
  ) {
    super(table.id, date, facts.tables.get(table.id)?.get(date));
    this.day = facts.dates.get(date);
    this.possible = facts.possible.get(table.id)?.get(date) ?? null;
  }

  cell(findings: readonly Finding[] = []): Cell {
    this.decide(findings);
    return this.toCell();
  }

  private decide(findings: readonly Finding[]): void {
    const { table, counts } = this;
    const { cadence } = table;
    const day = this.day ?? { date: this.date, done: 0, due: 0, cancelled: 0, members: [] };
    if (!this.epoch.calendar.isDue(table.id, this.date)) {
      this.expected = 0;
      if (counts.rows === 0 || table.offCalendar) {
        if (cadence === undefined) this.add("not_expected", "not_due", { cancelled: day.cancelled > 0 });
        else this.add("not_expected", "off_cadence", { cadence });
        if (counts.rows > 0) this.note("rows_kept", { rows: counts.rows });
      } else {
        if (cadence === undefined) this.add("surplus", "rows_not_due", { rows: counts.rows });
        else {
          this.add("surplus", "off_cadence", { cadence });
          this.explain("surplus", "rows_kept", { rows: counts.rows });
        }
        this.countCopies();
      }
      return;
    }
    const kept = this.facts.kept?.get(table.id);
    if (counts.rows === 0 && kept && this.date < kept.first) {
      this.expected = 0;
      this.add("not_expected", "expired", { days: kept.days });
      return;
    }
    const days = table.warmUpDays ?? 0;
    const warmUpEnd = this.epoch.warmUpEnd(days);
    if (this.date < warmUpEnd) {
      const left = dayNumber(warmUpEnd) - dayNumber(this.date);
      this.expected = 0;
      this.add("bootstrap", "warm_up", { days, left });
      if (counts.rows > 0) this.note("rows_kept", { rows: counts.rows });
      return;
    }
    if (day.fromResults) this.note("calendar_from_rows", { table: this.facts.pipeline.calendar.fallback?.name ?? "" });
    const faults = this.facts.faults?.get(table.id);
    if (faults) {
      // How many of its rows are right cannot be told; what others have made of them is as right as it was.
      this.add("failed", "table_differs", { faults });
      return;
    }
    if (table.due === "afterwards" && !this.describable(day)) return;
    this.expectation = this.expectations.of(this.date, (other) => this.epoch.at(other, this.date));
    this.expected = this.expectation.rows;
    const later = counts.rows === 0 ? dueLater(table, this.date, this.today, this.clock) : null;
    if (later) {
      this.add("pending", "due_later", later);
      return;
    }
    this.judgeRaw(day);
    this.countRows();
    this.judgeValues(findings);
    judgeVersion(this, table, this.facts);
    for (const input of table.inputs) {
      if (this.facts.pipeline.sourceById.has(input.table)) this.judgeRawAge(input, day);
      else if (input.edge === "lookback") this.judgeLookback(input);
      else this.judgeSameDate(input, day);
    }
    this.describeBlocked();
    this.noteZones(day);
  }

  /** False, with the state set, where the date's units have nothing to describe yet. */
  private describable(day: DateFacts): boolean {
    if (!isOver(this.facts, day, this.today)) {
      this.add("pending", "not_over", { done: day.done, due: day.due });
      return false;
    }
    if (day.done < day.due) {
      const { unseen = [], late = 0 } = day;
      const open = { open: day.due - day.done, late };
      this.isSourceShort = true;
      // It may never have been played: nobody waits for it for ever.
      if (unseen.length === day.due && this.counts.rows === 0 && this.date < addDays(this.today, -UNSEEN_DAYS)) {
        this.add("not_expected", "done_unseen", { units: unseen });
        return false;
      }
      if (unseen.length > 0) this.note("done_unseen", { units: unseen });
      if (day.done === 0 && this.counts.rows === 0) {
        this.rawShort = true;
        this.add("blocked", "not_done", open);
        this.causes.push({ table: CALENDAR, dates: [this.date], edge: "raw", what: "missing" });
        return false;
      }
      if (open.open > unseen.length) this.note("not_done", open);
    }
    return true;
  }

  private judgeRaw(day: DateFacts): void {
    const boxes = this.facts.raw.get(CALENDAR)?.get(this.date)?.served ?? 0;
    const units = day.fromResults ? 0 : day.done - boxes;
    const { counts, expectation } = this;
    const isFew = counts.distinct < (expectation?.atLeast ?? 0);
    const state = counts.rows === 0 ? "blocked" : isFew ? "partial" : "note";
    let isShort = false;
    for (const input of this.table.inputs) {
      if (
        !input.critical ||
        input.edge !== "same-date" ||
        !this.facts.pipeline.sourceById.has(input.table) ||
        input.table === CALENDAR
      )
        continue;
      if (!this.facts.pipeline.sourceById.get(input.table)?.completeness) {
        this.judgeUsual(input, state);
        continue;
      }
      const { of, served, needed, units: names } = servedOf(this.facts, input.table, day);
      if (served >= needed) continue;
      this.isSourceShort = true;
      if (served === 0) this.servesNothing = true;
      const params = {
        source: input.table,
        short: needed - served,
        needed,
        of,
        ...(names.length > 0 ? { names } : {}),
      };
      this.explain(state, "source_short", params);
      this.cause(input, "raw", "missing");
      if (of === "units") isShort = true;
    }
    if (isShort && units > 0) this.explain(state, "done_without_rows", { units });
  }

  /** A source without a rule is short where it has fewer rows than is usual; one without either is not judged. */
  private judgeUsual(input: Input, state: "note" | "blocked" | "partial"): void {
    const usual = this.usual.get(input.table)?.get(this.date);
    const rows = this.facts.raw.get(input.table)?.get(this.date)?.rows ?? 0;
    if (!usual || rows >= usual.atLeast) return;
    this.isSourceShort = true;
    if (rows === 0) this.servesNothing = true;
    this.explain(state, "source_below_usual", { source: input.table, rows, usual: usual.rows });
    this.cause(input, "raw", "missing");
  }

  private countRows(): void {
    const { counts, expectation, possible } = this;
    if (!expectation) return;
    const { rows: expected, atLeast, atMost } = expectation;
    if (counts.rows === 0) {
      if (expected === null) this.missWhatInputsHave();
      else if (atLeast > 0) this.add("missing", "no_rows", { expected });
      // Of what is there of a short source its rows are built.
      this.rawShort = this.isSourceShort && (possible === null ? this.servesNothing : possible === 0);
      if (this.rawShort) this.mark("blocked");
      return;
    }
    this.rawShort = this.isSourceShort && (possible === null || counts.distinct >= possible);
    if (expected !== null && counts.distinct < atLeast)
      this.add("partial", "too_few_rows", { rows: counts.distinct, expected });
    // A raw source that is short says the least that there must be, not the most.
    if (expected !== null && counts.distinct > atMost && !this.isSourceShort && !this.restsOnShort())
      this.add("surplus", "too_many_rows", { rows: counts.distinct, expected });
    this.countCopies();
  }

  /** True where what is counted may be fewer than there was, as a source has been short before in the epoch. */
  private restsOnShort(): boolean {
    return this.shorts.isShort(this.table.id, this.epoch, this.date);
  }

  /** True where rows are there of what a source has lost since: built again they would be fewer. */
  private holdsMore(): boolean {
    const { counts, possible, expectation } = this;
    if (!this.isSourceShort) return false;
    return possible === null ? counts.distinct >= (expectation?.atLeast ?? 0) : counts.distinct > possible;
  }

  /** Where nobody says how many rows belong, none are too few where every input that it needs has some. */
  private missWhatInputsHave(): void {
    if (this.table.expected.rule === "unknown") return;
    const read = this.table.inputs.filter((input) => input.critical && input.edge === "same-date");
    const rowsOf = ({ table }: Input) =>
      this.facts.pipeline.sourceById.has(table)
        ? this.facts.raw.get(table)?.get(this.date)?.rows
        : this.epoch.at(table, this.date)?.rows;
    if (read.length > 0 && read.every((input) => rowsOf(input)))
      this.add("missing", "none_of_read", { inputs: [...new Set(read.map((input) => input.table))] });
  }

  private judgeRawAge(input: Input, day: DateFacts): void {
    if (!input.invalidates || input.edge !== "same-date" || this.counts.oldest === null) return;
    const newest = this.facts.raw.get(input.table)?.get(this.date)?.newest;
    if (newest && newest > this.counts.oldest) {
      // What is known now was not then: once the date is over, what was made for it is as right as it can be.
      if (this.holdsMore() || (isOver(this.facts, day, this.today) && this.wasBeforehand())) return;
      this.add("stale", "source_newer", { source: input.table });
      this.cause(input, "raw", "newer");
    }
  }

  private judgeSameDate(input: Input, day: DateFacts): void {
    const { counts } = this;
    const edge = input.edge === "gate" ? "gate" : "same-date";
    // A date still to come has no gate: its units cannot be described yet.
    if (edge === "gate" && !isOver(this.facts, day, this.today)) return;
    const found = this.epoch.at(input.table, this.date);
    if (!found) return;
    const isComplete = found.state === "complete";
    const isNewer = counts.oldest !== null && found.newest !== null && found.newest > counts.oldest;
    if (isComplete && !isNewer) return;
    // What was made while the date was still to come had no gate to wait for.
    if (edge === "gate" && this.wasBeforehand()) return;
    const defect = isComplete ? undefined : found.states.find((state) => DEFECTS.has(state));
    if (defect && isShort(found)) {
      this.cause(input, edge, "tainted");
      if (counts.rows > 0) this.add("tainted", "input_short", { input: input.table });
    } else if (defect) {
      this.cause(input, edge, "missing");
      const isDoubted = isUnusual(tableOf(this.facts.pipeline, input.table), found);
      if (counts.rows > 0)
        this.add(isDoubted ? "tainted" : "corrupt", "input_defect", { input: input.table, state: defect, edge });
      return;
    }
    if (isNewer) {
      this.cause(input, edge, "newer");
      this.add("corrupt", "input_newer", { input: input.table, edge });
      if (edge !== "gate") this.mark("stale");
    }
    if (counts.rows === 0 || isComplete) return;
    // A gate that is to be built again makes the rows behind it older than it: they follow.
    for (const state of ["tainted", "stale"] as const) {
      if (!found.states.includes(state)) continue;
      this.cause(input, edge, state);
      this.add(state, "input_affected", { input: input.table, state });
    }
    // A gate is waited for, not read.
    if (edge === "gate" || !found.states.includes("outdated")) return;
    this.cause(input, edge, "outdated");
    this.add("outdated", "input_outdated", { input: input.table, dates: [this.date] });
  }

  /** True where the rows were made while the date was still to come, as it is meant. */
  private wasBeforehand(): boolean {
    const { date, counts } = this;
    return (
      this.table.due === "beforehand" && isMadeBeforehand({ date, newest: counts.newest }, this.facts.pipeline.timeZone)
    );
  }

  private cause({ table }: Input, edge: Cause["edge"], what: Cause["what"], dates = [this.date]): void {
    this.causes.push({ table, dates, edge, what });
  }

  private judgeLookback(input: Input): void {
    const { counts } = this;
    // Without rows there is nothing to taint; an expected 0 may only mean that the input is unknown.
    if (counts.rows === 0 && this.expectation?.isKnown) return;
    const hits: Array<{ what: Cause["what"]; date: string }> = [];
    this.epoch.eachRead(input, this.date, (found) => {
      const { date, newest } = found;
      if (isDefect(found)) hits.push({ what: "missing", date });
      else if (counts.oldest !== null && newest !== null && newest > counts.oldest) hits.push({ what: "newer", date });
      if (found.state === "complete") return;
      if (found.states.includes("tainted")) hits.push({ what: "tainted", date });
      if (found.states.includes("stale")) hits.push({ what: "stale", date });
      if (counts.rows > 0 && found.states.includes("outdated")) hits.push({ what: "outdated", date });
    });
    if (hits.length === 0) return;
    const { table, window } = input;
    for (const what of ["missing", "newer", "tainted", "stale", "outdated"] as const) {
      const dates = hits.filter((hit) => hit.what === what).map(({ date }) => date);
      if (dates.length === 0) continue;
      this.cause(input, "lookback", what, dates);
      if (counts.rows === 0) continue;
      if (what === "missing") this.add("tainted", "window_defect", { input: table, dates, window });
      else if (what === "newer") this.add("stale", "window_newer", { input: table, dates });
      else if (what === "outdated") this.add("outdated", "input_outdated", { input: table, dates });
      else this.add(what, "window_affected", { input: table, state: what, dates, window });
    }
  }

  /**
   * A cell without rows that cannot be built yet is blocked, and says by what. Where its
   * expected count comes to 0 only since that input is unknown, nothing can be said of it.
   */
  private describeBlocked(): void {
    if (this.counts.rows > 0 || this.has("pending")) return;
    const critical = new Set(this.table.inputs.filter((input) => input.critical).map((input) => input.table));
    const unknown = !this.expectation?.isKnown;
    const inputs = this.causes.filter(
      (cause) =>
        cause.what === "missing" &&
        cause.edge !== "raw" &&
        critical.has(cause.table) &&
        (unknown || cause.edge !== "lookback"),
    );
    if (unknown && (inputs.length > 0 || this.isSourceShort)) this.expected = null;
    if (inputs.length === 0) return;
    const names = [...new Set(inputs.map((cause) => cause.table))];
    const dates = [...new Set(inputs.flatMap((cause) => cause.dates))].sort();
    this.add("blocked", "waits_for", { inputs: names, dates });
  }

  /** Without shots, zone columns are NULL; that is no gap, but the reader should know. */
  private noteZones(day: DateFacts): void {
    if (!this.table.inputs.some(({ table }) => table === "shots") || this.counts.rows === 0) return;
    const served = this.facts.raw.get("shots")?.get(this.date)?.served ?? 0;
    if (served >= day.done) return;
    const params = { source: "shots", short: day.done - served, needed: day.done, of: "units" } as const;
    this.note("optional_source_short", { ...params, effect: "Zone columns are NULL" });
  }
}
