import Libsql from "libsql";

/**
 * Locks a file until the function that it gives is called, or the process ends; undefined where another has it for so
 * many milliseconds. Nothing in this process may read the file meanwhile: the lock would go with the end of the reading.
 */
export function lockFile(file: string, waitMs: number): (() => void) | undefined {
  const db = new Libsql(file);
  try {
    // By exec alone: what is prepared keeps a file open until it is collected, closed or not.
    db.exec(`PRAGMA busy_timeout = ${waitMs}`);
    db.exec("BEGIN EXCLUSIVE");
    return () => {
      db.exec("ROLLBACK");
      db.close();
    };
  } catch (error) {
    db.close();
    if ((error as { code?: string }).code === "SQLITE_BUSY") return undefined;
    throw error;
  }
}
