import type { CatalogTable, DateFigures, KeyFigures } from "@/lib/connect/propose";
import { FullcourtError } from "@/lib/errors";
import { groupBy } from "@/lib/util/group-by";
import { projectOf } from "../address";
import type { Catalog } from "../catalog";
import type { Row } from "../types";
import { explained } from "./errors";
import { clientOf } from "./index";
import type { Settings } from "./jobs";
import { dateOfId, filterOf, type Partitioning } from "./partitions";
import { rowOf } from "./values";

/** A sample for keys: so many rows at most, of the last dates. */
const SAMPLE = 20_000;
/** What is read of a table that is in parts: the last so many days. */
const SAMPLE_DAYS = 60;
/** One statement bills no more than this, unless a setting says otherwise: 1 GiB. */
const MAX_BYTES = 2 ** 30;
/** Statements at once: each waits for the service most of its time. */
const PARALLEL = 8;

/** What the catalog's partitions say of a table. */
interface Parts {
  rows: number;
  /** Rows without a value of the column that the table is parted by. */
  undated: number;
  dates: number;
  /** The last day that a partition's id says. */
  last: string | null;
}
const NO_PARTS: Parts = { rows: 0, undated: 0, dates: 0, last: null };

const keyOf = ({ dataset, name }: Pick<CatalogTable, "dataset" | "name">): string => `${dataset}.${name}`;

/** A project's datasets by INFORMATION_SCHEMA, and their rows by samples that are bounded in dates, rows and bytes. */
class BigQueryCatalog implements Catalog {
  readonly parallel = PARALLEL;
  private readonly parts = new Map<string, Parts>();
  private readonly partedBy = new Map<string, Pick<Partitioning, "column" | "type">>();

  constructor(
    private readonly client: ReturnType<typeof clientOf>,
    private readonly settings: Settings,
    private readonly only: string | undefined,
  ) {}

  private async ask(query: string): Promise<Row[]> {
    const { bigqueryLocation: location, bigqueryMaxBytes } = this.settings;
    const asked = this.client.query({
      query,
      labels: { app: "fullcourt", work: "init" },
      maximumBytesBilled: String(bigqueryMaxBytes ?? MAX_BYTES),
      ...(location ? { location } : {}),
    });
    const [rows] = await asked.catch((error) => {
      throw explained(error);
    });
    return (rows as Array<Record<string, unknown>>).map(rowOf);
  }

  private async datasets(): Promise<string[]> {
    if (this.only !== undefined) return [this.only];
    const [found] = await this.client.getDatasets().catch((error) => {
      throw explained(error);
    });
    return found.flatMap(({ id }) => id ?? []).sort();
  }

  async tables(): Promise<CatalogTable[]> {
    const datasets = await this.datasets();
    return (await Promise.all(datasets.map((dataset) => this.tablesOf(dataset)))).flat();
  }

  private async tablesOf(dataset: string): Promise<CatalogTable[]> {
    const [columns, keys, parts] = await Promise.all([
      this.ask(`SELECT table_name, column_name, data_type, is_partitioning_column
FROM ${dataset}.INFORMATION_SCHEMA.COLUMNS ORDER BY table_name, ordinal_position`),
      this.ask(`SELECT table_name, column_name FROM ${dataset}.INFORMATION_SCHEMA.KEY_COLUMN_USAGE
WHERE constraint_name = CONCAT(table_name, '.pk$') ORDER BY table_name, ordinal_position`),
      this.ask(`SELECT table_name, CAST(SUM(total_rows) AS INT64) AS total,
  CAST(SUM(IF(partition_id = '__NULL__', total_rows, 0)) AS INT64) AS undated,
  COUNT(DISTINCT IF(partition_id LIKE '__NULL__' OR total_rows = 0, NULL, partition_id)) AS dates,
  MAX(IF(SAFE_CAST(SUBSTR(partition_id, 1, 6) AS INT64) IS NULL, NULL, SUBSTR(CONCAT(partition_id, '31'), 1, 8))) AS last
FROM ${dataset}.INFORMATION_SCHEMA.PARTITIONS GROUP BY table_name`),
    ]);
    for (const { table_name: name, total, undated, dates, last } of parts)
      this.parts.set(keyOf({ dataset, name: name as string }), {
        rows: total as number,
        undated: undated as number,
        dates: dates as number,
        last: last === null || (last as string).length < 8 ? null : dateOfId(last as string),
      });
    const declared = groupBy(keys, (row) => row.table_name as string);
    return [...groupBy(columns, (row) => row.table_name as string)].map(([name, own]) => {
      const parted = own.find((row) => row.is_partitioning_column === "YES");
      if (parted)
        this.partedBy.set(keyOf({ dataset, name }), {
          column: parted.column_name as string,
          type: (parted.data_type as string).replace(/\(.*/, ""),
        });
      return {
        dataset,
        name,
        // Not those of the service's own.
        columns: own
          .filter((row) => !(row.column_name as string).startsWith("_PARTITION"))
          .map((row) => ({ name: row.column_name as string, type: row.data_type as string })),
        declaredKey: declared.get(name)?.map((row) => row.column_name as string) ?? null,
        ...(parted ? { partitionedBy: parted.column_name as string } : {}),
      };
    });
  }

  /** The rows that are looked at: those of the last days where the table is in parts, else all. */
  private sampled(table: CatalogTable): string {
    const parted = this.partedBy.get(keyOf(table));
    const last = this.parts.get(keyOf(table))?.last;
    if (!parted) return keyOf(table);
    const asOf = (date: string) => new Date(Date.parse(date) - SAMPLE_DAYS * 86_400_000).toISOString().slice(0, 10);
    // Numbers that are no dates (a year, say) are all taken.
    const filter = last && parted.type !== "INT64" ? filterOf(parted, asOf(last), last) : filterOf(parted);
    return `${keyOf(table)} WHERE ${parted.type === "INT64" ? `${parted.column} >= 0` : filter}`;
  }

  async dates(table: CatalogTable, candidates: readonly string[]): Promise<{ rows: number; figures: DateFigures[] }> {
    const { rows, undated, dates } = this.parts.get(keyOf(table)) ?? NO_PARTS;
    const parted = this.partedBy.get(keyOf(table));
    if (rows === 0) return { rows, figures: [] };
    // What the table is parted by is its date, and the catalog has its figures: nothing is read.
    if (parted && parted.column === candidates[0] && parted.type !== "INT64")
      return { rows, figures: [{ column: parted.column, filled: rows - undated, dates }] };
    const counts = candidates.flatMap((column, at) => {
      const text = `CAST(${column} AS STRING)`;
      const digits = `REPLACE(SUBSTR(${text}, 1, 10), '-', '')`;
      const day = `SAFE_CAST(CONCAT(SUBSTR(${digits}, 1, 4), '-', SUBSTR(${digits}, 5, 2), '-', SUBSTR(${digits}, 7, 2)) AS DATE)`;
      return [`COUNT(${day}) AS filled_${at}`, `COUNT(DISTINCT ${day}) AS dates_${at}`];
    });
    const [row = {}] = await this.ask(`SELECT ${["COUNT(*) AS n", ...counts].join(", ")} FROM ${this.sampled(table)}`);
    const sample = row.n as number;
    return {
      rows,
      figures: candidates.map((column, at) => ({
        column,
        filled: sample === 0 ? 0 : Math.round(((row[`filled_${at}`] as number) / sample) * rows),
        dates: row[`dates_${at}`] as number,
      })),
    };
  }

  async keys(table: CatalogTable, dateColumn: string, candidates: readonly string[][]): Promise<KeyFigures> {
    const counts = candidates.map((columns, at) => {
      const values = columns.map((column) => (column === dateColumn ? "day" : `k_${column}`));
      return `COUNT(DISTINCT FARM_FINGERPRINT(CONCAT(${values.join(", ',', ")}))) AS n_${at}`;
    });
    const columns = [...new Set(candidates.flat())].filter((column) => column !== dateColumn);
    const texts = columns.map((column) => `COALESCE(CAST(${column} AS STRING), '') AS k_${column}`);
    const [row = {}] = await this.ask(
      `SELECT ${["COUNT(*) AS n", ...counts].join(", ")} FROM (
  SELECT ${[`COALESCE(SUBSTR(CAST(${dateColumn} AS STRING), 1, 10), '') AS day`, ...texts].join(", ")} FROM ${this.sampled(table)}
  ORDER BY ${dateColumn} DESC LIMIT ${SAMPLE}
) AS sample`,
    );
    return {
      rows: row.n as number,
      distinct: candidates.map((own, at) => ({ columns: own, n: row[`n_${at}`] as number })),
    };
  }

  async close(): Promise<void> {}
}

/** Opens the catalog of a project. */
export function openBigQueryCatalog(settings: Settings): Catalog {
  if (settings.bigqueryProject === undefined)
    throw new FullcourtError(
      "wrong_usage",
      "--from bigquery: names no project.",
      "bigquery:PROJECT or bigquery:PROJECT.DATASET",
    );
  const { project, dataset } = projectOf(settings.bigqueryProject);
  return new BigQueryCatalog(clientOf({ ...settings, bigqueryProject: project }), settings, dataset);
}
