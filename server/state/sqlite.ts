import { chmodSync } from "node:fs";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from "kysely";
import Libsql from "libsql";

/** A value as SQLite takes it. The driver ends the process at a boolean, and cuts text at a zero character. */
export function bindable(value: unknown): unknown {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string" && value.includes("\0"))
    throw new Error("Text for the state must not contain NUL bytes.");
  return value;
}

/** Transactions are for writing here: one that reads first must not find at its first write that another was faster. */
class ImmediateDriver extends SqliteDriver {
  constructor(
    config: { database: SqliteDatabase },
    private readonly db: Libsql.Database,
  ) {
    super(config);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /** A full disk has rolled back by itself: its own words are to be heard. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.db.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** Opens a SQLite database: each commit is on disk when it is answered. One process at a time: it is to hold the home. */
export function openSqlite(file: string): Libsql.Database {
  const db = new Libsql(file);
  try {
    for (const setting of [
      // Before the first table: what is deleted can be given back to the disk.
      "auto_vacuum = INCREMENTAL",
      "journal_mode = WAL",
      "synchronous = FULL",
      "foreign_keys = ON",
      "busy_timeout = 5000",
      // What a large transaction has left behind is given back to the disk.
      "journal_size_limit = 16777216",
    ])
      db.exec(`PRAGMA ${setting}`);
    if (file !== ":memory:") chmodSync(file, 0o600);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Kysely's way to an open SQLite database. Statements are synchronous: they are to be short. */
export function sqliteDialect(db: Libsql.Database): Dialect {
  const database: SqliteDatabase = {
    close() {
      try {
        db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      } catch {
        // The next process that opens it does the same.
      }
      db.close();
    },
    prepare(text) {
      const statement = db.prepare(text);
      const bound = (parameters: readonly unknown[]) => parameters.map(bindable);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(bound(parameters)),
        run: (parameters) => statement.run(bound(parameters)) as { changes: number; lastInsertRowid: number },
        iterate: (parameters) => statement.iterate(bound(parameters)) as IterableIterator<unknown>,
      };
    },
  };
  const dialect = new SqliteDialect({ database });
  dialect.createDriver = () => new ImmediateDriver({ database }, db);
  return dialect;
}
