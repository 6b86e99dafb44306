import { createHash } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";

/**
 * GoogleSQL statements in DuckDB's SQL, by a hash of their text. Those of a configuration come with its artifact;
 * the few that are put together when they are asked are translated once and kept in the home.
 */
interface Translations {
  known: Map<string, string>;
  /** Where new ones are kept; null before a configuration is loaded from a home. */
  file: string | null;
}

/** On globalThis: a bundle and Next's server may hold this module more than once in a process. */
const holder = globalThis as typeof globalThis & { fullcourtSql?: Translations };
holder.fullcourtSql ??= { known: new Map(), file: null };
const translations = holder.fullcourtSql;

const keyOf = (sql: string): string => createHash("sha1").update(sql).digest("base64url");

/** The translation of a statement, where it is known. */
export const findTranslation = (sql: string): string | undefined => translations.known.get(keyOf(sql));

/** Keeps a translation, for the next process too. */
export function keepTranslation(sql: string, text: string): void {
  translations.known.set(keyOf(sql), text);
  const { file } = translations;
  if (!file) return;
  // A cache: where it cannot be written the statement is translated again.
  mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
    .then(() => appendFile(file, `${JSON.stringify([keyOf(sql), text])}\n`, { mode: 0o600 }))
    .catch(() => undefined);
}

/** All that are known, as lines of a file that loadTranslations reads. */
export const translationLines = (): string =>
  [...translations.known].map((entry) => `${JSON.stringify(entry)}\n`).join("");

/** Adds the translations of a file; those that come later are kept there where `keeps`. */
export async function loadTranslations(file: string, keeps = false): Promise<void> {
  if (keeps) translations.file = file;
  const text = await readFile(file, "utf8").catch(() => "");
  for (const line of text.split("\n")) {
    try {
      const [key, sql] = JSON.parse(line) as [string, string];
      translations.known.set(key, sql);
    } catch {
      // The last line of a process that died, or none.
    }
  }
}
