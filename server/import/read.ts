import { mkdirSync } from "node:fs";
import path from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBListValue } from "@duckdb/node-api";
import type { Loaded } from "@/lib/api/rows";
import { detectFormat, type FileSource, lacks, nearest, sourceFormat, tableFormat } from "@/lib/engine/import/formats";
import type { Cell, Format, Importer, ImportSession } from "@/lib/engine/import/importer";
import { type DateOrder, MACROS, READERS, type Reader } from "@/lib/engine/import/readers";
import { type Column, PROCESSED_AT } from "@/lib/engine/pipeline/columns";
import type { Table } from "@/lib/engine/pipeline/types";
import { FullcourtError } from "@/lib/errors";
import { few } from "@/lib/util/few";
import { DUCK_TYPES, toRows } from "../warehouse/duckdb-values";
import type { Row } from "../warehouse/types";
import { openSource, type Source } from "./source";
import { tooLarge } from "./text";

/** What is to be read: the process that does it gets this, as JSON. */
export interface ReadRequest {
  files: string[];
  /** The tables that files may be of. */
  sources: readonly FileSource[];
  /** The pipeline whose importers read them: one that is built in, or of a configuration's module; none where it has no importers. */
  importersOf?: { id: string; module?: string };
  /** The raw table that the files are, when their headers do not say. */
  into?: string;
  /** A table that is none of the raw ones: the files have its columns, and these dates alone. */
  table?: Pick<Table, "name" | "columns" | "dateColumn">;
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

/** Asks the warehouse one of the importers' questions, by its name. */
export type Ask = (question: string, of: readonly string[]) => Promise<Row[]>;

/** Rows are numbered over all files. */
const ROWS_OF_A_FILE = 2 ** 32;
const MAX_FAULTS = 5;
const MAX_EXAMPLES = 3;
const MAX_HEADERS = 60;
/** Reads files, checks every line, and leaves the rows of each table as Parquet. */
export async function readFiles(request: ReadRequest, importers: readonly Importer[], ask: Ask): Promise<ReadResult> {
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${request.memoryMegabytes}MB`,
    threads: "1",
    temp_directory: path.join(request.folder, "spill"),
    max_temp_directory_size: "20GB",
  });
  const connection = await instance.connect();
  try {
    return await new Reading(connection, request, importers, ask).read();
  } catch (error) {
    throw /Out of Memory|max_temp_directory_size/i.test((error as Error).message) ? tooLarge(request.files) : error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

class Reading implements ImportSession {
  readonly files: Array<{ format: Format; lines: string }> = [];
  readonly tables = new Set<string>();
  private readonly made = new Set<string>();
  private readonly sources: Source[] = [];
  /** The SELECTs that give a table's rows, by table, with the format of their file. */
  private readonly selects = new Map<string, Array<{ format: Format; sql: string }>>();
  private readonly readers: Readonly<Record<string, Reader>>;
  private readonly helpers: Readonly<Record<string, string>>;
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
    private readonly importers: readonly Importer[],
    readonly askWarehouse: Ask,
  ) {
    this.readers = Object.assign({}, READERS, ...importers.map(({ readers }) => readers));
    this.helpers = Object.assign({}, ...importers.map(({ helpers }) => helpers));
  }

  async ask(sql: string) {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  async first(sql: string) {
    return (await this.ask(sql))[0] ?? [];
  }

  run = (sql: string) => this.connection.run(sql);

  warn(words: string) {
    this.result.warnings.push(words);
  }

  async insert(table: string, rows: ReadonlyArray<ReadonlyArray<unknown>>): Promise<void> {
    const literal = (value: unknown) => (value === null ? "NULL" : `'${String(value).replaceAll("'", "''")}'`);
    for (let at = 0; at < rows.length; at += 1_000)
      await this.run(
        `INSERT INTO ${table} VALUES ${rows
          .slice(at, at + 1_000)
          .map((row) => `(${row.map(literal).join(", ")})`)
          .join(", ")}`,
      );
  }

  columnsOf(name: string): Column[] {
    return [...(this.request.table ?? sourceOf(this.request, name)).columns, PROCESSED_AT];
  }

  private readerOf({ read }: Cell): Reader {
    const reader = this.readers[read];
    if (reader) return reader;
    throw new FullcourtError(
      "bad_config",
      `An importer reads a column by "${read}", which is no reader.`,
      `Readers are: ${Object.keys(this.readers).join(", ")}.`,
    );
  }

  valuesOf(table: string, made: Readonly<Record<string, string>>): string {
    const types = [
      ...Object.entries(this.helpers),
      ...this.columnsOf(table).map(({ name, type }) => [name, DUCK_TYPES[type]] as const),
    ];
    return types.map(([name, type]) => `CAST(${made[name] ?? "NULL"} AS ${type}) AS ${name}`).join(", ");
  }

  async read(): Promise<ReadResult> {
    const { request, result } = this;
    await this.run("SET TimeZone = 'UTC'");
    const macros = [...MACROS, ...this.importers.flatMap((importer) => importer.macros ?? [])];
    await this.run(macros.map((macro) => `CREATE MACRO ${macro}`).join(";\n"));
    for (const file of request.files) await this.readFile(file);
    if (result.faults.count > 0) return result;
    for (const importer of this.importers) await importer.makeTables?.(this);
    for (const table of this.tables) if (!this.made.has(table)) await this.makeTable(table, this.rowsOf(table));
    for (const importer of this.importers) await importer.check?.(this);
    for (const table of this.made) {
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
      ? tableFormat(request.table)
      : request.into
        ? sourceFormat(sourceOf(request, request.into), this.importers)
        : detectFormat(source.headers, request.sources, this.importers);
    if (!format) throw unknownFormat(source, request.sources, this.importers);
    const missing = lacks(format, source.headers);
    if (missing.length > 0)
      throw new FullcourtError(
        "missing_columns",
        `${file}: the columns ${missing.join(", ")} are missing for ${format.name}.`,
        `It has: ${headerWords(source.names)}.`,
      );
    this.sources.push(source);
    this.files.push({ format, lines: `typed_${at}` });
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
      if (bare > 0) this.warn(`${file}: ${from} has times without a zone, which are read as UTC: ${bare}.`);
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
      ([name, cell], i) =>
        `WHEN ${name} IS NULL${cell.isRequired ? "" : ` AND _t${i} IS NOT NULL`}${cell.isRequired || !this.readerOf(cell).skipsMissing ? "" : ` AND NOT fc_is_missing(_t${i})`} THEN ${i}`,
    );
    const zones = cells.flatMap(([, { read, from }], i) =>
      read === "time" ? [{ from, sql: `count(*) FILTER (NOT fc_has_zone(_t${i}))` }] : [],
    );
    const kept = cells.map((_, i) => i).filter((i) => cells[i]?.[1].read !== "time");
    try {
      await this.run(`CREATE OR REPLACE TABLE typed_${at} AS
        SELECT * EXCLUDE (${kept.map((i) => `_t${i}`).join(", ")}), CASE ${faults.join(" ")} END AS _fault
        FROM (SELECT *, ${[
          ...cells.map(([name, cell], i) => `${this.readerOf(cell).sql(`_t${i}`, orders.get(cell.from))} AS ${name}`),
          ...absent.map(([name, cell]) => `${this.readerOf(cell).sql("CAST(NULL AS VARCHAR)")} AS ${name}`),
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
      const cell = (cells[Number(fault)] as (typeof cells)[number])[1];
      const { from } = cell;
      const [there = null] = await this.first(
        `SELECT "${from}" FROM (SELECT *, row_number() OVER () AS n FROM (${source.relation([from])})) WHERE n = ${Number(row) + 1}`,
      );
      faults.first.push({
        file: source.file,
        line: lines.get(Number(row)) ?? 0,
        column: source.names[source.headers.indexOf(from)] as string,
        what:
          there === null
            ? `a ${cell.read === "date" ? "date" : "value"} is expected, nothing is there`
            : `${this.readerOf(cell).expected} is expected, "${String(there).slice(0, 100)}" is there`,
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
    const { cells, rows, from } = format;
    const made = { ...Object.fromEntries(Object.keys(cells).map((name) => [name, name])), ...rows[table] };
    const lines = `typed_${at}`;
    const sql = `SELECT ${at * ROWS_OF_A_FILE} + ${lines}.rowid AS _id, ${this.valuesOf(table, made)} FROM ${from?.(lines) ?? lines}`;
    this.selects.set(table, [...(this.selects.get(table) ?? []), { format, sql }]);
    this.tables.add(table);
  }

  rowsOf(table: string, of: (format: Format) => boolean = () => true): string {
    const selects = (this.selects.get(table) ?? []).filter(({ format }) => of(format));
    return selects.map(({ sql }) => sql).join("\nUNION ALL ");
  }

  async makeTable(name: string, rows: string, adjust?: (rows: string) => Promise<void>): Promise<void> {
    const base = `base_${name}`;
    await this.run(`CREATE TABLE ${base} AS ${rows}`);
    await adjust?.(base);
    this.tables.add(name);
    this.made.add(name);
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

  async find(rule: string, table: string, sql: string): Promise<void> {
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

function unknownFormat(
  { file, names, headers }: Source,
  sources: readonly FileSource[],
  importers: readonly Importer[],
): FullcourtError {
  const near = nearest(headers, sources, importers);
  return new FullcourtError(
    "unknown_format",
    `${file}: no raw table has these columns: ${headerWords(names)}.${near ? ` It is nearly ${near.name}, but lacks: ${lacks(near, headers).join(", ")}.` : ""}`,
    `Say which table it is with --into: ${sources.map((table) => table.name).join(", ")}.`,
  );
}

/** A table that files may be of, by name; an error that lists them otherwise. */
function sourceOf({ sources }: ReadRequest, name: string): FileSource {
  const found = sources.find((one) => one.name === name);
  if (found) return found;
  throw new FullcourtError(
    "unknown_table",
    `There is no raw table "${name}".`,
    `Raw tables are: ${sources.map((one) => one.name).join(", ")}.`,
  );
}
