import type { Cause, Cell } from "../../api/coverage";
import { dateList, dayNumber } from "../../dates";
import { BOOTSTRAP_DAYS } from "../../pipelines/nba/season";
import { type Input, isRaw, type Processor, topologicalOrder } from "../pipeline/registry";
import { windowWords } from "../pipeline/windows";
import { CellDraft, plural } from "./cell-draft";
import { CellIndex, type SeasonCells } from "./cell-index";
import { observedCell, observedDates } from "./observed";
import { type CellState, type CoverageFacts, cellKey, type DateFacts, DEFECTS, isDefect } from "./types";

/** Games of a date are over: all final, or the date itself has passed. */
function isOver(day: DateFacts, today: string): boolean {
  return day.date < today || (day.scheduled > 0 && day.final === day.scheduled);
}

/**
 * Names the state of every (table, date) of the facts' seasons, from the data alone:
 * counts against expected counts, grain keys, and who was built after whom. Tables go in
 * topological order, as a cell's state follows from its inputs' states.
 */
export function classify(facts: CoverageFacts, today: string): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  const seasons = new CellIndex(facts);
  for (const table of topologicalOrder()) {
    if (table.observed) {
      for (const date of observedDates(table, facts)) {
        const cell = observedCell(table, date, facts, cells);
        seasons.of(date).add(cell);
        cells.set(cellKey(table.short, date), cell);
      }
      continue;
    }
    const known = facts.tables.get(table.short);
    const dates = [...new Set([...facts.dates.keys(), ...(known?.keys() ?? [])])].sort();
    for (const date of dates) {
      const season = seasons.of(date);
      const cell = new Classifier(facts, season, today, table, date).cell();
      season.add(cell);
      cells.set(cellKey(table.short, date), cell);
    }
  }
  return cells;
}

class Classifier extends CellDraft {
  private readonly day: DateFacts | undefined;

  constructor(
    private readonly facts: CoverageFacts,
    private readonly season: SeasonCells,
    private readonly today: string,
    private readonly table: Processor,
    date: string,
  ) {
    super(table.short, date, facts.tables.get(table.short)?.get(date));
    this.day = facts.dates.get(date);
  }

  cell(): Cell {
    this.decide();
    return this.toCell();
  }

  private decide(): void {
    const { day, table, counts } = this;
    if (!day || day.scheduled === 0) {
      this.expected = 0;
      if (counts.rows === 0 || table.anyDate) {
        this.add(
          "not_expected",
          day && day.postponed > 0 ? "All games of the date are postponed." : "No games on this date.",
        );
        if (counts.rows > 0) this.note(`${plural(counts.rows, "row")} are there all the same.`);
      } else {
        this.add("surplus", `${plural(counts.rows, "row")} on a date without games.`);
        this.countCopies();
      }
      return;
    }
    const { bootstrapEnd } = this.season;
    if (table.phase === 4 && this.date < bootstrapEnd) {
      const until = dayNumber(bootstrapEnd) - dayNumber(this.date);
      this.expected = 0;
      this.add(
        "bootstrap",
        `The season's first ${BOOTSTRAP_DAYS} days have no phase 4 rows by design (${plural(until, "day")} left).`,
      );
      if (counts.rows > 0) this.note(`${plural(counts.rows, "row")} are there all the same.`);
      return;
    }
    if (day.fromResults)
      this.note(
        "The schedule has no game of this month: dates and games are those that player_game_summary has rows of.",
      );
    if (table.describesGames && !this.describable(day)) return;
    this.expected = this.facts.expected.get(table.short)?.get(this.date) ?? 0;
    this.judgeRaw(day);
    this.countRows();
    for (const input of table.inputs) {
      if (isRaw(input.table)) this.judgeRawAge(input);
      else if (input.edge === "lookback") this.judgeLookback(input);
      else this.judgeSameDate(input, day);
    }
    this.describeBlocked();
    this.noteZones(day);
  }

  /** False, with the state set, where the date's games have no result to describe yet. */
  private describable(day: DateFacts): boolean {
    if (!isOver(day, this.today)) {
      this.add("pending", `The date is not over: ${day.final} of ${plural(day.scheduled, "game")} final.`);
      return false;
    }
    if (day.final < day.scheduled) {
      const open = day.scheduled - day.final;
      this.rawShort = true;
      const words = `The schedule has no final result for ${plural(open, "game")}.`;
      if (day.final === 0) {
        this.add("blocked", words);
        this.causes.push({ table: "nbac_schedule", dates: [this.date], edge: "raw", what: "missing" });
        return false;
      }
      this.note(words);
    }
    return true;
  }

  private judgeRaw(day: DateFacts): void {
    const boxes = this.facts.raw.get("nbac_schedule")?.get(this.date)?.served ?? 0;
    const without = day.fromResults ? 0 : day.final - boxes;
    for (const input of this.table.inputs) {
      if (!input.critical || input.edge !== "same-date" || !isRaw(input.table) || input.table === "nbac_schedule")
        continue;
      const served = this.facts.raw.get(input.table)?.get(this.date)?.served ?? 0;
      const needed = input.table === "team_rosters" ? new Set(day.teams).size : day.final;
      if (served >= needed) continue;
      this.rawShort = true;
      const unit = input.table === "team_rosters" ? "team" : "game";
      const [are, have] = without === 1 ? ["is", "has"] : ["are", "have"];
      const nowhere =
        without > 0 && unit === "game"
          ? ` ${plural(without, unit)} ${are} final in the schedule and ${have} no box score anywhere.`
          : "";
      const words = `${input.table} is short of ${needed - served} of ${plural(needed, unit)}.${nowhere}`;
      if (this.counts.rows > 0) this.note(words);
      else this.explain("blocked", words);
      this.cause(input, "raw", "missing");
    }
  }

  private countRows(): void {
    const { counts } = this;
    const expected = this.expected as number;
    if (counts.rows === 0) {
      if (expected > 0) this.add("missing", `0 of ${plural(expected, "row")}.`);
      if (this.rawShort) this.add("blocked");
      return;
    }
    if (counts.distinct < expected) this.add("partial", `${counts.distinct} of ${plural(expected, "row")}.`);
    // A raw source that is short says the least that there must be, not the most.
    if (counts.distinct > expected && !this.rawShort) {
      this.add("surplus", `${counts.distinct} rows where ${expected} belong.`);
    }
    this.countCopies();
  }

  private judgeRawAge(input: Input): void {
    if (!input.rebuilds || input.edge !== "same-date" || this.counts.oldest === null) return;
    const newest = this.facts.raw.get(input.table)?.get(this.date)?.newest;
    if (newest && newest > this.counts.oldest) {
      this.add("stale", `${input.table} changed after these rows were built.`);
      this.cause(input, "raw", "newer");
    }
  }

  private judgeSameDate(input: Input, day: DateFacts): void {
    const { counts } = this;
    const edge = input.edge === "gate" ? "gate" : "same-date";
    // A date still to come has no gate: its games cannot be described yet.
    if (edge === "gate" && !isOver(day, this.today)) return;
    const found = this.season.at(input.table, this.date);
    if (!found) return;
    const isComplete = found.state === "complete";
    const defect = isComplete ? undefined : found.states.find((state) => DEFECTS.has(state));
    if (defect) {
      this.cause(input, edge, "missing");
      if (counts.rows > 0)
        this.add(
          "corrupt",
          `Rows are there though ${input.table} of the date is ${defect}${edge === "gate" ? " (gate)" : ""}.`,
        );
      return;
    }
    if (counts.oldest !== null && found.newest !== null && found.newest > counts.oldest) {
      this.cause(input, edge, "newer");
      this.add(
        "corrupt",
        `Rows are older than ${input.table} of the date, which they ${edge === "gate" ? "wait for" : "were built from"}.`,
      );
      if (edge !== "gate") this.add("stale");
    }
    if (counts.rows === 0 || isComplete) return;
    // A gate that is to be built again makes the rows behind it older than it: they follow.
    for (const state of ["tainted", "stale"] as const) {
      if (!found.states.includes(state)) continue;
      this.cause(input, edge, state);
      this.add(state, `${input.table} of the date is ${state}.`);
    }
  }

  private cause({ table }: Input, edge: Cause["edge"], what: Cause["what"], dates = [this.date]): void {
    this.causes.push({ table, dates, edge, what });
  }

  private judgeLookback(input: Input): void {
    const { counts } = this;
    // Without rows there is nothing to taint; an expected 0 may only mean that the input is unknown.
    if (counts.rows === 0 && this.expected !== 0) return;
    const hits: Array<{ what: Cause["what"]; date: string }> = [];
    this.season.eachRead(input, this.date, (found) => {
      const { date, newest } = found;
      if (isDefect(found)) hits.push({ what: "missing", date });
      else if (counts.oldest !== null && newest !== null && newest > counts.oldest) hits.push({ what: "newer", date });
      if (found.state === "complete") return;
      if (found.states.includes("tainted")) hits.push({ what: "tainted", date });
      if (found.states.includes("stale")) hits.push({ what: "stale", date });
    });
    if (hits.length === 0) return;
    const window = windowWords(input.window);
    const words: Record<Cause["what"], (dates: string[]) => [CellState, string]> = {
      missing: (dates) => ["tainted", `${input.table} is not complete on ${dateList(dates)}, in ${window}.`],
      newer: (dates) => ["stale", `${input.table} of ${dateList(dates)} was rebuilt after these rows.`],
      tainted: (dates) => ["tainted", `${input.table} is tainted on ${dateList(dates)}, in ${window}.`],
      stale: (dates) => ["stale", `${input.table} is stale on ${dateList(dates)}, in ${window}.`],
    };
    for (const what of ["missing", "newer", "tainted", "stale"] as const) {
      const dates = hits.filter((hit) => hit.what === what).map(({ date }) => date);
      if (dates.length === 0) continue;
      this.cause(input, "lookback", what, dates);
      if (counts.rows > 0) this.add(...words[what](dates));
    }
  }

  /**
   * A cell without rows that cannot be built yet is blocked, and says by what. Where its
   * expected count comes to 0 only since that input is unknown, nothing can be said of it.
   */
  private describeBlocked(): void {
    if (this.counts.rows > 0 || this.has("pending")) return;
    const critical = new Set(this.table.inputs.filter((input) => input.critical).map((input) => input.table));
    const unknown = this.expected === 0;
    const inputs = this.causes.filter(
      (cause) =>
        cause.what === "missing" &&
        cause.edge !== "raw" &&
        critical.has(cause.table) &&
        (unknown || cause.edge !== "lookback"),
    );
    if (unknown && (inputs.length > 0 || this.rawShort)) this.expected = null;
    if (inputs.length === 0) return;
    const names = [...new Set(inputs.map((cause) => cause.table))].join(", ");
    const dates = [...new Set(inputs.flatMap((cause) => cause.dates))].sort();
    this.add("blocked", `Waits for ${names} of ${dateList(dates)}.`);
  }

  /** Without shots, zone columns are NULL; that is no gap, but the reader should know. */
  private noteZones(day: DateFacts): void {
    if (!this.table.describesGames || this.counts.rows === 0) return;
    const served = this.facts.raw.get("shots")?.get(this.date)?.served ?? 0;
    if (served < day.final) {
      this.note(`Zone columns are NULL: no shots for ${day.final - served} of ${plural(day.final, "game")}.`);
    }
  }
}
