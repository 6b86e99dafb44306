import pg from "pg";
import { FullcourtError } from "@/lib/errors";
import { log } from "../../platform/log";
import { describeAddress, type WarehouseAddress } from "../address";
import type { Row, Value } from "../types";

export type PostgresAddress = Extract<WarehouseAddress, { kind: "postgres" }>;

/** Connections at once: somebody else's database has its own work to do. */
const CONNECTIONS = 3;
/** A statement that takes longer is ended, where the address does not say otherwise (statement_timeout, in ms). */
const STATEMENT_MS = 120_000;
const CONNECT_MS = 10_000;

/** A time as the product writes it, from Postgres's in UTC; null where it is infinite. */
function isoTime(text: string): string | null {
  const time = new Date(`${text.replace(" ", "T").replace(/[+-]\d\d(:\d\d)*$/, "")}Z`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

const { INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, BOOL, DATE, TIMESTAMP, TIMESTAMPTZ } = pg.types.builtins;
const NUMBERS: readonly number[] = [INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC];

/** Values as the product has them, by their type. */
function parserOf(type: number): (text: string) => Value {
  if (NUMBERS.includes(type)) return Number;
  if (type === BOOL) return (text) => text === "t";
  if (type === DATE) return (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? text : null);
  if (type === TIMESTAMP || type === TIMESTAMPTZ) return isoTime;
  return (text) => text;
}

/** libpq's meaning of sslmode: `require` encrypts and asks for no certificate, `verify-full` asks for a right one. */
function withSslMode(url: string): string {
  const address = new URL(url);
  if (address.searchParams.has("sslmode") && !address.searchParams.has("uselibpqcompat"))
    address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}

/** SQLSTATEs of a server that goes away, takes no more connections or is starting; errors of the network have other codes. */
const AWAY = /^(08|57P|53[23]00)/;
const NETWORK =
  /^(ECONN|ENOTFOUND|EAI_|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ENOENT)|Connection terminated|timeout exceeded when trying to connect|connection timeout/i;

/** True where the server cannot be reached, or not now. */
export const isAway = (error: unknown): boolean =>
  error instanceof FullcourtError && error.code === "warehouse_unavailable";

/** An error of the server or of the way to it: what, where and what to do. */
function explained(error: unknown, address: PostgresAddress): FullcourtError {
  if (error instanceof FullcourtError) return error;
  const { code = "", message } = error as { code?: string; message: string };
  const where = describeAddress({ warehouse: address, warehouseFile: "" });
  // Several addresses of one host: each says its own.
  const text = message || (error as { errors?: Error[] }).errors?.map((one) => one.message).join(", ") || code;
  if (AWAY.test(code) || NETWORK.test(code) || NETWORK.test(text))
    return new FullcourtError(
      "warehouse_unavailable",
      `${where} does not answer: ${text}`,
      "What was known is shown until it does. Check that the server runs and can be reached from here.",
    );
  if (/^28|^3D|^42501/.test(code))
    return new FullcourtError("no_access", `${where} refuses: ${text}`, "Check user, password, database and rights.");
  if (code === "57014")
    return new FullcourtError(
      "warehouse",
      `${where}: ${text}`,
      "Raise statement_timeout (milliseconds) in the address, or index the date column.",
    );
  if (code === "25006")
    return new FullcourtError("read_only", `${where}: ${text}`, "Nothing is written to it from here.");
  return new FullcourtError("warehouse", `${where}: ${text}`, "docs/postgres.md says what is read and how.");
}

/** Connections to another program's Postgres, each of whose transactions may only read. */
export class PostgresClient {
  private readonly pool: pg.Pool;
  private readonly begin: string;

  constructor(private readonly address: PostgresAddress) {
    const asked = new URL(address.url).searchParams.get("statement_timeout");
    const timeout = /^\d+$/.test(asked ?? "") ? Number(asked) : STATEMENT_MS;
    // Local to the transaction: a pooler in between gives each one another connection.
    this.begin = `BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = ${timeout}; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'`;
    const connectionString = new URL(withSslMode(address.url));
    connectionString.searchParams.delete("statement_timeout");
    this.pool = new pg.Pool({
      connectionString: connectionString.href,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_MS,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      allowExitOnIdle: true,
      application_name: "fullcourt",
      types: { getTypeParser: ((type: number) => parserOf(type)) as never },
      onConnect: async (client) => {
        await client.query("SET default_transaction_read_only = on");
      },
    });
    // One that breaks while nobody uses it is made again; one that breaks in use says so at the next statement.
    this.pool.on("connect", (client) => void client.on("error", () => undefined));
    this.pool.on("error", (error) => log.warn({ error: error.message }, "a connection to the warehouse broke"));
  }

  /** Rows of one statement, in a transaction that may only read; throws FullcourtError. */
  async query(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    let client: pg.PoolClient | undefined;
    let broken = true;
    try {
      client = await this.pool.connect();
      await client.query(this.begin);
      const { rows } = await client.query<Row>(text, [...values]);
      await client.query("COMMIT");
      broken = false;
      return rows;
    } catch (error) {
      throw explained(error, this.address);
    } finally {
      client?.release(broken);
    }
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
