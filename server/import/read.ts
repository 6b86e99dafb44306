import { mkdirSync } from "node:fs";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBListValue } from "@duckdb/node-api";
import type { Loaded } from "@/lib/api/rows";
import { type Column, PROCESSED_AT } from "@/lib/engine/pipeline/columns";
import { FullcourtError } from "@/lib/errors";
import { detectFormat, type Format, lacks, nearest, ownColumns } from "@/lib/pipelines/nba/import";
import { type DateOrder, MACROS, READERS, SKIPS_MISSING } from "@/lib/pipelines/nba/import/readers";
import { RULES, TEAM_SUMS } from "@/lib/pipelines/nba/import/rules";
import { type Cell, gameMinutes } from "@/lib/pipelines/nba/import/types";
import { playerLookupSql } from "@/lib/pipelines/nba/names";
import { COUNTS, RAW_TABLES, type RawTable } from "@/lib/pipelines/nba/sources";
import { few } from "@/lib/util/few";
import { DUCK_TYPES, toRows } from "../warehouse/duckdb-values";
import type { Row } from "../warehouse/types";
import { openSource, type Source } from "./source";
import { tooLarge } from "./text";

/** What is to be read: the process that does it gets this, as JSON. */
export interface ReadRequest {
  files: string[];
  /** The tables that files may be of. */
  sources: readonly RawTable[];
  /** The raw table that the files are, when their headers do not say. */
  into?: string;
  /** A table that is none of the raw ones: the files have its columns, and these dates alone. */
  table?: Pick<RawTable, "name" | "columns" | "dateColumn">;
  dates?: string[];
  /** Where it may write: rows of each table, as NAME.parquet, and what it needs of its own. */
  folder: string;
  maxRows: number;
  memoryMegabytes: number;
  /** Stamp of rows that bring none; without it nothing is written. */
  processedAt?: string;
  /** So many first rows of each table are given back. */
  preview: number;
}

/** A cell that is not what its column needs. */
interface Fault {
  file: string;
  line: number;
  column: string;
  what: string;
}

export interface ReadResult extends Omit<Loaded, "written"> {
  /** Lines that are bad, and the first of them; nothing was read then. */
  faults: { count: number; first: Fault[] };
  preview: Record<string, Row[]>;
}

/** The schedule's word on games: their date, teams and scores. */
export type KnownGame = [
  game: string,
  date: string,
  home: string | null,
  away: string | null,
  homeScore: number | null,
  awayScore: number | null,
];
/** What the warehouse is asked: of games by their ids; of dates, from the first to the last, their games, and the players of them and the year before. */
export interface Asked {
  games: { of: string[]; answer: KnownGame[] };
  gamesOn: { of: [first: string, last: string]; answer: KnownGame[] };
  playersOn: { of: [first: string, last: string]; answer: string[] };
}
export type Ask = <What extends keyof Asked>(what: What, of: Asked[What]["of"]) => Promise<Asked[What]["answer"]>;

/** Rows are numbered over all files. */
const ROWS_OF_A_FILE = 2 ** 32;
const MAX_FAULTS = 5;
const MAX_EXAMPLES = 3;
const MAX_HEADERS = 60;
/** Tables that say who plays, and those that say something of a player. */
const NAMES_PLAYERS = ["nbac_gamebook_player_stats", "bdl_player_boxscores", "team_rosters"];
const ABOUT_PLAYERS = ["shots", "nbac_injury_report", "odds_player_points_props"];

/** Reads files, checks every line, and leaves the rows of each table as Parquet. */
export async function readFiles(request: ReadRequest, ask: Ask): Promise<ReadResult> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${request.memoryMegabytes}MB`,
    threads: "1",
    temp_directory: path.join(request.folder, "spill"),
    max_temp_directory_size: "20GB",
  });
  const connection = await instance.connect();
  try {
    return await new Reading(connection, request, ask).read();
  } catch (error) {
    throw /Out of Memory|max_temp_directory_size/i.test((error as Error).message) ? tooLarge(request.files) : error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

class Reading {
  private readonly sources: Source[] = [];
  private readonly formats: Format[] = [];
  /** The SELECTs that give a table's rows, by table, with `_id`, `_player` and `_whole`. */
  private readonly selects = new Map<string, string[]>();
  private readonly result: ReadResult = {
    faults: { count: 0, first: [] },
    tables: {},
    duplicates: {},
    findings: [],
    warnings: [],
    preview: {},
  };
  private readonly findings: Array<Omit<Loaded["findings"][number], "examples"> & { places: Place[] }> = [];

  constructor(
    private readonly connection: DuckDBConnection,
    private readonly request: ReadRequest,
    private readonly askWarehouse: Ask,
  ) {}

  private async ask(sql: string) {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  private async texts(sql: string) {
    return (await this.ask(sql)).flat() as string[];
  }

  /** The first row; empty where there is none. */
  private async first(sql: string) {
    return (await this.ask(sql))[0] ?? [];
  }

  private run = (sql: string) => this.connection.run(sql);

  private columnsOf(name: string): Column[] {
    return [...(this.request.table ?? sourceOf(this.request, name)).columns, PROCESSED_AT];
  }

  /** All columns of a table: as they are made, and NULL. */
  private valuesOf(table: string, made: Record<string, string>): string {
    return this.columnsOf(table)
      .map(({ name, type }) => `CAST(${made[name] ?? "NULL"} AS ${DUCK_TYPES[type]}) AS ${name}`)
      .join(", ");
  }

  async read(): Promise<ReadResult> {
    const { request, result } = this;
    await this.run("SET TimeZone = 'UTC'");
    await this.run(MACROS.map((macro) => `CREATE MACRO ${macro}`).join(";\n"));
    for (const file of request.files) await this.readFile(file);
    if (result.faults.count > 0) return result;
    const tables = await this.makeTables();
    if (!request.table) {
      await this.checkRules(tables);
      await this.checkGames(tables);
      await this.checkPlayers(tables);
    }
    for (const table of tables) {
      const [rows] = await this.first(`SELECT count(*) FROM final_${table}`);
      result.tables[table] = Number(rows);
      if (request.preview > 0) {
        const names = this.columnsOf(table).map((column) => column.name);
        const reader = await this.connection.runAndReadAll(
          `SELECT ${names.join(", ")} FROM final_${table} ORDER BY _id LIMIT ${request.preview}`,
        );
        result.preview[table] = toRows(reader.deduplicatedColumnNames(), reader.getColumns());
      }
      if (request.processedAt) await this.write(table, request.processedAt);
    }
    for (const [table, n] of Object.entries(result.duplicates))
      result.warnings.push(`${n} lines of ${table} repeat another line's key and are read once.`);
    const lines = this.linesOf(this.findings.flatMap(({ places }) => places));
    result.findings = this.findings.map(({ places, ...finding }) => ({
      ...finding,
      examples: places.map((place) => `${lines(place)}: ${place.what}`),
    }));
    return result;
  }

  /** Rows of one file with their types in typed_N; what is wrong with its cells is added to the faults. */
  private async readFile(file: string): Promise<void> {
    const { request } = this;
    const at = this.sources.length;
    const folder = path.join(request.folder, String(at));
    mkdirSync(folder);
    const source = await openSource(this.connection, file, folder, request.maxRows);
    const format = request.table
      ? ownColumns({ ...request.table, grain: [], required: request.table.columns.map(({ name }) => name) }, false)
      : request.into
        ? ownColumns(sourceOf(request, request.into))
        : detectFormat(source.headers, request.sources);
    if (!format) throw unknownFormat(source, request.sources);
    const missing = lacks(format, source.headers);
    if (missing.length > 0)
      throw new FullcourtError(
        "missing_columns",
        `${file}: the columns ${missing.join(", ")} are missing for ${format.name}.`,
        `It has: ${headerWords(source.names)}.`,
      );
    this.sources.push(source);
    this.formats.push(format);
    const cells = Object.entries(format.cells).filter(([, cell]) => source.headers.includes(cell.from));
    let counted = await this.makeTyped(at, source, format, cells);
    const isDated = ([, { read }]: (typeof cells)[number]) => read === "date";
    if (counted.faulty.some((fault) => isDated(cells[fault] as (typeof cells)[number]))) {
      const orders = await this.dateOrders(source, cells.filter(isDated));
      if (orders.size > 0) counted = await this.makeTyped(at, source, format, cells, orders);
    }
    if (counted.rows === 0)
      throw new FullcourtError("empty_file", `${file}: the file has no rows.`, "A file needs a header line and rows.");
    for (const [from, bare] of counted.bare)
      if (bare > 0)
        this.result.warnings.push(`${file}: ${from} has times without a zone, which are read as UTC: ${bare}.`);
    // A season's lines name each player many times.
    if (format.namesPlayers)
      await this.run(`CREATE TABLE lookups_${at} AS SELECT name, nullif(${playerLookupSql("name")}, '') AS _lookup
        FROM (SELECT DISTINCT ${nameOf(format)} AS name FROM typed_${at})`);
    if (counted.faults > 0) await this.addFaults(at, source, cells, counted.faults);
    for (const table of Object.keys(format.rows)) this.addSelect(table, at, format);
  }

  /** Makes typed_N of a file in one pass over it; counts its rows, those with faults, and times without a zone. */
  private async makeTyped(
    at: number,
    source: Source,
    format: Format,
    cells: Array<[string, Cell]>,
    orders: ReadonlyMap<string, DateOrder> = new Map(),
  ) {
    const absent = Object.entries(format.cells).filter(([name]) => !cells.some(([cell]) => cell === name));
    const faults = cells.map(
      ([cell, { isRequired, read }], i) =>
        `WHEN ${cell} IS NULL${isRequired ? "" : ` AND _t${i} IS NOT NULL`}${isRequired || !SKIPS_MISSING.has(read) ? "" : ` AND NOT fc_is_missing(_t${i})`} THEN ${i}`,
    );
    const zones = cells.flatMap(([, { read, from }], i) =>
      read === "time" ? [{ from, sql: `count(*) FILTER (NOT fc_has_zone(_t${i}))` }] : [],
    );
    const kept = cells.map((_, i) => i).filter((i) => cells[i]?.[1].read !== "time");
    try {
      await this.run(`CREATE OR REPLACE TABLE typed_${at} AS
        SELECT * EXCLUDE (${kept.map((i) => `_t${i}`).join(", ")}), CASE ${faults.join(" ")} END AS _fault
        FROM (SELECT *, ${[
          ...cells.map(([cell, { from, read }], i) => `${READERS[read].sql(`_t${i}`, orders.get(from))} AS ${cell}`),
          ...absent.map(([cell, { read }]) => `${READERS[read].sql("CAST(NULL AS VARCHAR)")} AS ${cell}`),
        ].join(", ")}
          FROM (SELECT ${cells.map(([, cell], i) => `"${cell.from}" AS _t${i}`).join(", ")}
            FROM (${source.relation([...new Set(cells.map(([, { from }]) => from))])})))`);
    } catch (error) {
      throw /Out of Memory/i.test((error as Error).message) ? error : source.failed(error as Error);
    }
    await source.check();
    const counts = await this.first(
      `SELECT count(*), count(_fault), list(DISTINCT _fault) ${zones.map(({ sql }) => `, ${sql}`).join("")} FROM typed_${at}`,
    );
    return {
      rows: Number(counts[0]),
      faults: Number(counts[1]),
      faulty: (counts[2] as DuckDBListValue | null)?.items.map(Number) ?? [],
      bare: zones.map(({ from }, i) => [from, Number(counts[3 + i])] as const),
    };
  }

  private async addFaults(at: number, source: Source, cells: Array<[string, Cell]>, count: number) {
    const { faults } = this.result;
    faults.count += count;
    const first = await this.ask(
      `SELECT rowid, _fault FROM typed_${at} WHERE _fault IS NOT NULL ORDER BY rowid LIMIT ${MAX_FAULTS - faults.first.length}`,
    );
    const lines = source.linesOf(first.map(([row]) => Number(row)));
    for (const [row, fault] of first) {
      const { from, read } = (cells[Number(fault)] as (typeof cells)[number])[1];
      const [there = null] = await this.first(
        `SELECT "${from}" FROM (SELECT *, row_number() OVER () AS n FROM (${source.relation([from])})) WHERE n = ${Number(row) + 1}`,
      );
      faults.first.push({
        file: source.file,
        line: lines.get(Number(row)) ?? 0,
        column: source.names[source.headers.indexOf(from)] as string,
        what:
          there === null
            ? `a ${read === "date" ? "date" : "value"} is expected, nothing is there`
            : `${READERS[read].expected} is expected, "${String(there).slice(0, 100)}" is there`,
      });
    }
  }

  /** Whether months or days stand first in dates of figures, by column; an error where no line says it. */
  private async dateOrders(source: Source, cells: Array<[string, Cell]>): Promise<Map<string, DateOrder>> {
    const orders = new Map<string, DateOrder>();
    for (const [, { from }] of cells) {
      const found = await this.first(
        `SELECT max(CAST(split_part(d, '/', 1) AS INTEGER)), max(CAST(split_part(d, '/', 2) AS INTEGER)), any_value(d)
         FROM (SELECT fc_dotted(fc_day("${from}")) AS d FROM (${source.relation([from])}))
         WHERE regexp_full_match(d, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}')`,
      );
      const [first, second] = [Number(found[0] ?? 0), Number(found[1] ?? 0)];
      if (first === 0 && second === 0) continue;
      if (first <= 12 && second <= 12)
        throw new FullcourtError(
          "ambiguous_dates",
          `${source.file}: column ${from}: dates such as ${found[2]} may begin with the month or with the day, and no line tells which.`,
          "Write them as YYYY-MM-DD.",
        );
      orders.set(from, first > 12 ? "DMY" : "MDY");
    }
    return orders;
  }

  /** Has a format's rows of one file stand for those of a table. */
  private addSelect(table: string, at: number, format: Format): void {
    const { cells, rows, namesPlayers, hasWholeGames, lacksDates } = format;
    const made = {
      ...Object.fromEntries(Object.keys(cells).map((name) => [name, name])),
      ...(namesPlayers ? { player_lookup: "coalesce(_lookup, 'player' || player_id)" } : {}),
      ...(lacksDates ? { game_date: "_date", is_home: "_home = team_abbr" } : {}),
      ...rows[table],
    };
    const player = namesPlayers && table !== "shots" ? "player_id" : "CAST(NULL AS VARCHAR)";
    const select = `SELECT ${at * ROWS_OF_A_FILE} + typed_${at}.rowid AS _id, ${player} AS _player, ${hasWholeGames === true} AS _whole,
        ${this.valuesOf(table, made)}
      FROM typed_${at} ${namesPlayers ? `LEFT JOIN lookups_${at} ON name = ${nameOf(format)}` : ""}
      ${lacksDates ? "LEFT JOIN known_games USING (game_id)" : ""}`;
    this.selects.set(table, [...(this.selects.get(table) ?? []), select]);
  }

  /** Each table's rows, one a key, in final_NAME; gives the tables. */
  private async makeTables(): Promise<string[]> {
    // Games know their home team for the tables after them, players are added up.
    const order = ["nbac_gamebook_player_stats", "nbac_schedule"];
    const names = [...this.selects.keys()].sort((a, b) => order.indexOf(b) - order.indexOf(a));
    if (this.formats.some((format) => format.hasWholeGames) && !names.includes("nbac_team_boxscore"))
      names.push("nbac_team_boxscore");
    await this.run("CREATE TABLE known_games (game_id VARCHAR, _date DATE, _home VARCHAR)");
    if (names[0] === "nbac_schedule") await this.makeTable(names[0], await this.sides());
    await this.learnGames(names);
    for (const name of names.filter((one) => one !== "nbac_schedule"))
      await this.makeTable(name, name === "nbac_team_boxscore" ? this.teamRows() : this.union(name));
    return names;
  }

  private union = (table: string) => (this.selects.get(table) ?? []).join("\nUNION ALL ");

  /** The schedule's rows; of a game whose lines are its sides, one row of both. A game that lacks a side is left out. */
  private async sides(): Promise<string> {
    const all = this.selects.get("nbac_schedule") ?? [];
    const isSide = (select: string) =>
      this.formats.some((format, at) => format.hasSides && select.includes(`FROM typed_${at} `));
    const halves = all.filter(isSide);
    if (halves.length === 0) return all.join("\nUNION ALL ");
    await this.run(`CREATE TABLE sides AS SELECT * REPLACE (
        max(home_team_score) OVER game AS home_team_score, max(away_team_score) OVER game AS away_team_score)
      FROM (${halves.join("\nUNION ALL ")})
      WINDOW game AS (PARTITION BY game_id) QUALIFY row_number() OVER (PARTITION BY game_id ORDER BY _id) = 1`);
    const half = "home_team_score IS NULL OR away_team_score IS NULL";
    const [lacking] = await this.first(`SELECT count(*) FROM sides WHERE ${half}`);
    if (Number(lacking) > 0)
      this.result.warnings.push(
        `Games with one side only, whose rows of nbac_schedule are left out: ${lacking}. Import the other teams' logs too.`,
      );
    return [...all.filter((select) => !isSide(select)), `SELECT * FROM sides WHERE NOT (${half})`].join("\nUNION ALL ");
  }

  /** Dates and home teams of games, of the files' own schedule or, for lines that need them, of the warehouse's. */
  private async learnGames(names: readonly string[]): Promise<void> {
    if (names.includes("nbac_schedule"))
      await this.run("INSERT INTO known_games SELECT game_id, game_date, home_team_abbr FROM final_nbac_schedule");
    const needy = this.formats.flatMap((format, at) => (format.lacksDates ? [`SELECT game_id FROM typed_${at}`] : []));
    if (needy.length === 0) return;
    const unknown = () =>
      this.texts(`SELECT DISTINCT game_id FROM (${needy.join(" UNION ALL ")})
        WHERE game_id NOT IN (SELECT game_id FROM known_games) ORDER BY game_id`);
    const asked = await unknown();
    if (asked.length === 0) return;
    for (const [game, date, home] of await this.askWarehouse("games", asked))
      await this.connection.run("INSERT INTO known_games VALUES ($1, CAST($2 AS DATE), $3)", [game, date, home]);
    const without = await unknown();
    if (without.length > 0)
      throw new FullcourtError(
        "unknown_games",
        `The files do not say the dates of their games, and the schedule does not know ${few(without, MAX_FAULTS)}.`,
        "Import the schedule first, or together with them.",
      );
  }

  /** Team box scores: those of the files, and the sums of whole games' players for teams that have none there. */
  private teamRows(): string {
    const given = this.union("nbac_team_boxscore");
    if (!this.formats.some((format) => format.hasWholeGames)) return given;
    const made = {
      game_id: "game_id",
      game_date: "any_value(game_date)",
      team_abbr: "team_abbr",
      is_home: "any_value(_home) = team_abbr",
      minutes: gameMinutes("(coalesce(sum(fc_seconds(minutes)), 0) / 60)"),
      ...Object.fromEntries(COUNTS.map(([column]) => [column, `coalesce(sum(${column}), 0)`])),
    };
    const sums = `SELECT CAST(NULL AS BIGINT) AS _id, CAST(NULL AS VARCHAR) AS _player, false AS _whole, ${this.valuesOf("nbac_team_boxscore", made)}
      FROM final_nbac_gamebook_player_stats LEFT JOIN known_games USING (game_id) WHERE _whole GROUP BY game_id, team_abbr`;
    if (!given) return sums;
    return `SELECT * FROM (${given}) UNION ALL SELECT * FROM (${sums})
      WHERE (game_id, team_abbr) NOT IN (SELECT (game_id, team_abbr) FROM (${given}))`;
  }

  /** One row a key: the newest processed_at, or else the last line. */
  private async makeTable(name: string, rows: string): Promise<void> {
    const base = `base_${name}`;
    await this.run(`CREATE TABLE ${base} AS ${rows}`);
    if (name === "shots" && (await this.first(`SELECT 1 FROM ${base} WHERE shot_number IS NULL LIMIT 1`)).length > 0)
      await this.run(`UPDATE ${base} SET shot_number = n FROM (
        SELECT _id AS id, row_number() OVER (PARTITION BY game_id ORDER BY _id) AS n FROM ${base} WHERE shot_number IS NULL) WHERE _id = id`);
    if (this.formats.some((format) => format.namesPlayers && name in format.rows) && name !== "shots") {
      await this.nameless(name, base);
      const namesakes = `SELECT 1 FROM ${base} GROUP BY game_id, player_lookup HAVING min(_player) <> max(_player) LIMIT 1`;
      if ((await this.first(namesakes)).length > 0)
        await this.run(`UPDATE ${base} SET player_lookup = player_lookup || _player FROM (
          SELECT game_id AS g, player_lookup AS l, min_by(_player, _id) AS owner FROM ${base} WHERE _player IS NOT NULL GROUP BY ALL)
          WHERE game_id = g AND player_lookup = l AND _player <> owner`);
    }
    const { request } = this;
    if (request.table) {
      await this.run(`ALTER TABLE ${base} RENAME TO final_${name}`);
      return this.checkDates(request.table.dateColumn, request.dates ?? []);
    }
    const key = sourceOf(this.request, name).grain.join(", ");
    const values = this.columnsOf(name)
      .map((column) => column.name)
      .join(", ");
    const counted = await this.first(
      `SELECT coalesce(sum(n), 0) - count(*), count(*) FILTER (differs) FROM (
         SELECT count(*) AS n, min(hash(${values})) <> max(hash(${values})) AS differs FROM ${base} GROUP BY ${key})`,
    );
    const [repeats, differing] = counted.map(Number) as [number, number];
    if (differing > 0)
      await this.find(
        "lines with the same key agree",
        name,
        `SELECT _id, concat_ws(' ', ${key}) AS key, concat_ws(' ', ${key}) AS fault FROM (
          SELECT *, lag(hash(${values})) OVER again <> hash(${values}) AS _differs
          FROM ${base} WINDOW again AS (PARTITION BY ${key} ORDER BY _id)) WHERE _differs`,
      );
    if (repeats > 0) {
      this.result.duplicates[name] = repeats;
      await this.run(`CREATE TABLE final_${name} AS SELECT * FROM ${base} SEMI JOIN (
        SELECT max_by(_id, (coalesce(processed_at, TIMESTAMP '-infinity'), _id)) AS _id FROM ${base} GROUP BY ${key}) USING (_id)`);
    } else await this.run(`ALTER TABLE ${base} RENAME TO final_${name}`);
  }

  private async checkDates(column: string, dates: readonly string[]): Promise<void> {
    const list = dates.map((date) => `DATE '${date}'`).join(", ");
    const [id, date] = await this.first(
      `SELECT _id, CAST(${column} AS VARCHAR) FROM final_${this.request.table?.name}
       WHERE ${column} IS NULL OR ${column} NOT IN (${list}) ORDER BY _id LIMIT 1`,
    );
    if (id === undefined) return;
    const place = { id: Number(id), key: "", what: "" };
    throw new FullcourtError(
      "strange_date",
      `${this.linesOf([place])(place)}: ${column} ${date} is none of the dates that were asked for`,
    );
  }

  private async nameless(name: string, rows: string): Promise<void> {
    const found = await this.texts(
      `SELECT player_lookup FROM ${rows} WHERE player_name IS NULL AND _player IS NOT NULL GROUP BY ALL ORDER BY min(_id)`,
    );
    if (found.length === 0) return;
    this.result.warnings.push(
      `${name}: ${found.length} ${found.length === 1 ? "player without a name is" : "players without a name are"} known by number: ${few(found, MAX_FAULTS)}.`,
    );
  }

  private async checkRules(tables: readonly string[]): Promise<void> {
    for (const table of tables.filter((name) => RAW_TABLES.some((one) => one.name === name))) {
      const columns = this.columnsOf(table).map((column) => column.name);
      const rules = RULES.filter(({ tables: only }) => !only || only.includes(table)).flatMap(({ rule, fault }) => {
        const sql = fault(table, columns);
        return sql ? [{ rule, sql }] : [];
      });
      if (rules.length === 0) continue;
      const counts = await this.first(
        `SELECT ${rules.map(({ sql }) => `count(${sql})`).join(", ")} FROM final_${table}`,
      );
      const key = columns.includes("team_abbr") ? "concat_ws(' ', game_id, team_abbr)" : "game_id";
      for (const [i, { rule, sql }] of rules.entries())
        if (Number(counts[i]) > 0)
          await this.find(
            rule,
            table,
            `SELECT * FROM (SELECT _id, ${key} AS key, ${sql} AS fault FROM final_${table}) WHERE fault IS NOT NULL`,
          );
    }
    if (tables.includes("nbac_team_boxscore") && tables.includes("nbac_gamebook_player_stats"))
      await this.find("players add up to their team", "nbac_team_boxscore", TEAM_SUMS);
  }

  /** The first and last date of some rows; undefined where none has one. */
  private async datesOf(rows: string): Promise<[first: string, last: string] | undefined> {
    const [first, last] = await this.first(`SELECT CAST(min(d) AS VARCHAR), CAST(max(d) AS VARCHAR) FROM (${rows})`);
    return first ? [String(first), String(last)] : undefined;
  }

  private async keep(table: string, keys: ReadonlyArray<ReadonlyArray<string | number | null>>): Promise<void> {
    const literal = (key: string | number | null) => (key === null ? "NULL" : `'${String(key).replaceAll("'", "''")}'`);
    for (let at = 0; at < keys.length; at += 1_000)
      await this.run(
        `INSERT INTO ${table} VALUES ${keys
          .slice(at, at + 1_000)
          .map((row) => `(${row.map(literal).join(", ")})`)
          .join(", ")}`,
      );
  }

  /**
   * Warns of rows about games that the schedule does not know, though it knows others of their dates, as other sources have
   * other ids; finds those whose teams or points are not the schedule's.
   */
  private async checkGames(tables: readonly string[]): Promise<void> {
    const about = tables.filter(
      (table) => table !== "nbac_schedule" && this.columnsOf(table).some(({ name }) => name === "game_id"),
    );
    if (about.length === 0) return;
    await this.run(
      "CREATE TABLE schedule_games (game VARCHAR, d DATE, home VARCHAR, away VARCHAR, home_score BIGINT, away_score BIGINT)",
    );
    if (tables.includes("nbac_schedule"))
      await this.run(
        "INSERT INTO schedule_games SELECT game_id, game_date, home_team_abbr, away_team_abbr, home_team_score, away_team_score FROM final_nbac_schedule",
      );
    const unknown = (table: string) =>
      `SELECT game_id, game_date AS d FROM final_${table} WHERE game_id NOT IN (SELECT game FROM schedule_games)`;
    const dates = await this.datesOf(about.map(unknown).join(" UNION ALL "));
    const games = dates ? await this.askWarehouse("gamesOn", dates) : [];
    await this.keep("schedule_games", games);
    for (const table of about) {
      await this.checkSides(table);
      await this.warnOfStrangers(
        `SELECT game_id AS key FROM final_${table} WHERE game_date IN (SELECT d FROM schedule_games)`,
        "SELECT game FROM schedule_games",
        (known, strange) =>
          `${table}: ${known} rows are of a game that the schedule of their dates knows, so no model reads the others: ${strange}.`,
      );
    }
  }

  /** Warns of rows whose `key` is none of those that are known: how many of how many are, and some that are not. */
  private async warnOfStrangers(rows: string, known: string, words: (known: string, strange: string) => string) {
    const [all, strange, keys] = await this.first(
      `SELECT count(*), count(*) FILTER (strange), list(DISTINCT key ORDER BY key) FILTER (strange)
       FROM (SELECT key, key NOT IN (${known}) AS strange FROM (${rows}))`,
    );
    if (Number(strange) > 0)
      this.result.warnings.push(
        words(
          `${Number(all) - Number(strange)} of ${all}`,
          few((keys as DuckDBListValue).items.map(String), MAX_FAULTS),
        ),
      );
  }

  private async checkSides(table: string): Promise<void> {
    const found = (fault: string) => `SELECT _id, concat_ws(' ', game_id, team_abbr) AS key, ${fault} AS fault
      FROM final_${table} JOIN schedule_games ON game = game_id`;
    const columns = this.columnsOf(table).map(({ name }) => name);
    if (!columns.includes("team_abbr")) return;
    await this.find(
      "a game's teams are those of the schedule",
      table,
      `${found("team_abbr || ' in ' || away || ' @ ' || home")} WHERE team_abbr NOT IN (home, away)`,
    );
    if (table !== "nbac_team_boxscore") return;
    const score = "CASE team_abbr WHEN home THEN home_score WHEN away THEN away_score END";
    await this.find(
      "a team's points are those of the schedule",
      table,
      `${found(`'points ' || points || ', the schedule''s ' || ${score}`)} WHERE points <> ${score}`,
    );
  }

  /** Warns of rows about players whom no box score and no roster names, though some of the time are known. */
  private async checkPlayers(tables: readonly string[]): Promise<void> {
    const about = tables.filter((table) => ABOUT_PLAYERS.includes(table));
    if (about.length === 0) return;
    await this.run("CREATE TABLE known_players (player VARCHAR)");
    for (const table of tables.filter((one) => NAMES_PLAYERS.includes(one)))
      await this.run(`INSERT INTO known_players SELECT DISTINCT player_lookup FROM final_${table}`);
    const unknown = (table: string) =>
      `SELECT player_lookup, game_date AS d FROM final_${table} WHERE player_lookup NOT IN (SELECT player FROM known_players)`;
    const dates = await this.datesOf(about.map(unknown).join(" UNION ALL "));
    if (!dates) return;
    const players = await this.askWarehouse("playersOn", dates);
    await this.keep(
      "known_players",
      players.map((player) => [player]),
    );
    if ((await this.first("SELECT 1 FROM known_players LIMIT 1")).length === 0) return;
    for (const table of about) {
      await this.warnOfStrangers(
        `SELECT player_lookup AS key FROM final_${table}`,
        "SELECT player FROM known_players",
        (known, strange) =>
          `${table}: ${known} rows name a player of whom a box score or a roster is known: not ${strange}.`,
      );
    }
  }

  /** Keeps what a query finds: `_id`, `key` and `fault`. */
  private async find(rule: string, table: string, sql: string): Promise<void> {
    const found = await this.ask(
      `SELECT _id, key, fault, count(*) OVER () FROM (${sql}) ORDER BY _id, key LIMIT ${MAX_EXAMPLES}`,
    );
    if (found.length === 0) return;
    const places = found.map(([id, key, what]) => ({
      id: id === null ? null : Number(id),
      key: String(key),
      what: String(what),
    }));
    this.findings.push({ rule, table, count: Number(found[0]?.[3]), places });
  }

  /** "file:line" of places. */
  private linesOf(places: readonly Place[]): (place: Place) => string {
    const fileOf = (id: number) => Math.floor(id / ROWS_OF_A_FILE);
    const ids = places.flatMap(({ id }) => (id === null ? [] : [id]));
    const lines = this.sources.map((source, at) =>
      source.linesOf(ids.filter((id) => fileOf(id) === at).map((id) => id % ROWS_OF_A_FILE)),
    );
    return ({ id, key }) =>
      id === null ? key : `${this.sources[fileOf(id)]?.file}:${lines[fileOf(id)]?.get(id % ROWS_OF_A_FILE)}`;
  }

  private async write(table: string, processedAt: string): Promise<void> {
    // Parquet's timestamp without a zone would be read as a DATETIME.
    const values = this.columnsOf(table).map(({ name, type }) => {
      const value =
        name === PROCESSED_AT.name ? `coalesce(${name}, TIMESTAMP '${processedAt.replace("Z", "")}')` : name;
      return type === "TIMESTAMP" ? `${value}::TIMESTAMPTZ AS ${name}` : name;
    });
    const file = path.join(this.request.folder, `${table}.parquet`);
    await this.run(`COPY (SELECT ${values.join(", ")} FROM final_${table}) TO '${file}' (FORMAT parquet)`);
  }
}

/** The expression of a player's name. */
const nameOf = ({ rows }: Format) => rows.nbac_gamebook_player_stats?.player_name ?? "player_name";

interface Place {
  /** The line that it is on: its file's number and its own. */
  id: number | null;
  key: string;
  what: string;
}

/** A first line that is no header is content of a file, which an error must not reveal. */
const HEADER = /^[\p{L}\p{N}_#%][\p{L}\p{N}_#%+ ./()-]{0,63}$/u;

function headerWords(headers: readonly string[]): string {
  return few(
    headers.map((header) => (HEADER.test(header) ? header : "…")),
    MAX_HEADERS,
  );
}

function unknownFormat({ file, names, headers }: Source, sources: readonly RawTable[]): FullcourtError {
  const near = nearest(headers, sources);
  return new FullcourtError(
    "unknown_format",
    `${file}: no raw table has these columns: ${headerWords(names)}.${near ? ` It is nearly ${near.name}, but lacks: ${lacks(near, headers).join(", ")}.` : ""}`,
    `Say which table it is with --into: ${sources.map((table) => table.name).join(", ")}.`,
  );
}

/** A table that files may be of, by name; an error that lists them otherwise. */
function sourceOf({ sources }: ReadRequest, name: string): RawTable {
  const found = sources.find((one) => one.name === name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${name}".`,
    `Raw tables are: ${sources.map((one) => one.name).join(", ")}.`,
  );
}
