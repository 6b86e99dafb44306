import { type ErrorCode, FullcourtError } from "@/lib/errors";

const COPY_FIRST = (file: string) =>
  `Nothing was changed. Copy ${file} (and ${file}.wal, if it is there) to a safe place`;

/** What DuckDB says of a file that it does not open; the first that fits. What is no damage is never called so. */
const CAUSES: ReadonlyArray<[pattern: RegExp, code: ErrorCode, what: string, hint: (file: string) => string]> = [
  [
    /Could not set lock on file|Conflicting lock is held/,
    "warehouse_locked",
    "is in use by another process",
    () =>
      "Stop that process (on a shared volume it may run in another container or on another machine), or set FULLCOURT_HOME to another folder.",
  ],
  [
    /database file with version number|newer (?:version of )?DuckDB|storage version|older development version/,
    "warehouse_version",
    "was written by another version of DuckDB than this one reads",
    () =>
      "The file is whole: leave it where it is. Open it with the version of Fullcourt or DuckDB that wrote it last, or set FULLCOURT_HOME to another folder.",
  ],
  [
    /encrypt/i,
    "warehouse_encrypted",
    "is encrypted",
    () => "The file is whole: leave it where it is. Fullcourt opens files without encryption only.",
  ],
  [
    /not a valid DuckDB database file|extension/i,
    "warehouse_unusable",
    "is no DuckDB file",
    (file) => `${COPY_FIRST(file)}, and see what it is. Set FULLCOURT_HOME to another folder meanwhile.`,
  ],
  [
    /Corrupt database file|Could not read enough bytes|replaying WAL/i,
    "warehouse_unusable",
    "is damaged",
    (file) => `${COPY_FIRST(file)} first. Then put a backup back: fullcourt restore FOLDER --force.`,
  ],
];

/** The error of a warehouse file that cannot be opened. Its advice never leads to loss. */
export function openError(error: unknown, file: string): unknown {
  const text = error instanceof Error ? error.message : String(error);
  if (file === ":memory:" || /Permission denied|No space left|Read-only file system/i.test(text)) return error;
  const [, code, what, hint] = CAUSES.find(([pattern]) => pattern.test(text)) ?? [
    null,
    "warehouse_unusable" as const,
    "cannot be opened",
    (path: string) => `${COPY_FIRST(path)} before you do anything else with it.`,
  ];
  const pid = /PID (\d+)/.exec(text)?.[1] ?? "0";
  const who = code === "warehouse_locked" && pid !== "0" ? ` (PID ${pid})` : "";
  const detail = code === "warehouse_locked" ? "." : `: ${text.split("\n")[0]}`;
  return new FullcourtError(code, `The warehouse file ${file} ${what}${who}${detail}`, hint(file));
}
