import { isAscii, isUtf8 } from "node:buffer";
import { closeSync, createReadStream, openSync, readSync, writeSync } from "node:fs";
import { pipeline, type Readable, Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import { FullcourtError } from "@/lib/errors";

/** A line may be so long: more is no raw data. */
export const MAX_LINE_BYTES = 1 << 20;
/** A file may be so large when it is unzipped. */
const MAX_BYTES = 2 ** 31;

/** The lines of a CSV under its header, as a file in UTF-8. */
export interface Text {
  path: string;
  delimiter: string;
  headers: string[];
  /** What the header ends with. */
  lineEnd: string;
  /** Lines of the original up to its header. */
  linesBefore: number;
  /** Some cell may have white space around it. */
  isPadded: boolean;
}

type Header = Omit<Text, "path" | "isPadded">;

/** The error of a file, or of a line of it (FILE:LINE), that is no CSV. */
export const unreadable = (file: string, what: string) =>
  new FullcourtError(
    "unreadable_file",
    `${file}: cannot be read as CSV: ${what}.`,
    "Give a CSV with a header line (gzipped or not) in UTF-8, UTF-16 with a mark or Windows-1252, or a Parquet file.",
  );

/** Writes the lines under a file's header to another file, unzipped and in UTF-8; an error for what is no text or too much of it. */
export async function spool(file: string, gzipped: boolean, to: string, maxRows: number): Promise<Text> {
  const out = openSync(to, "wx", 0o600);
  let head: Buffer | undefined = Buffer.alloc(0);
  let found: Header | undefined;
  const count = lineCounter(file, maxRows);
  let isPadded = false;
  try {
    for await (const chunk of toUtf8(file, openBytes(file, gzipped))) {
      count(chunk);
      if (!head) {
        isPadded ||= hasPadding(chunk, found?.delimiter ?? ",");
        writeSync(out, chunk);
        continue;
      }
      head = Buffer.concat([head, chunk]);
      const header = readHeader(head, false);
      if (!header) continue;
      found = header;
      isPadded = hasPadding(head.subarray(header.end), header.delimiter);
      writeSync(out, head, header.end);
      head = undefined;
    }
    if (head) found = readHeader(head, true);
  } catch (error) {
    if (error instanceof FullcourtError) throw error;
    throw unreadable(file, (error as Error).message);
  } finally {
    closeSync(out);
  }
  if (!found)
    throw new FullcourtError("empty_file", `${file}: the file is empty.`, "A file needs a header line and rows.");
  return { path: to, isPadded, ...found };
}

/** Whether some cell may have white space around it; where a chunk ends, it is taken for granted. */
function hasPadding(chunk: Buffer, delimiter: string): boolean {
  const isBlank = (byte: number | undefined) => byte === 32 || byte === 9 || byte === 0xc2 || byte === 0xa0;
  return (
    isBlank(chunk[0]) ||
    isBlank(chunk.at(-1)) ||
    [" ", "\t", "\f", "\u00a0"].some(
      (blank) =>
        blank !== delimiter &&
        chunk.includes(blank) &&
        [delimiter, "\n", "\r", '"'].some((edge) => chunk.includes(blank + edge) || chunk.includes(edge + blank)),
    )
  );
}

function openBytes(file: string, gzipped: boolean): Readable {
  const source = createReadStream(file, { highWaterMark: 1 << 18 });
  if (!gzipped) return source;
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) done(new Error("it is larger than 2 GiB when it is unzipped"));
      else done(null, chunk);
    },
  });
  return pipeline(source, createGunzip({ chunkSize: 1 << 18 }), bounded, () => undefined);
}

/** Counts lines as chunks go by; an error as soon as they, or one of them, are too many or too long. */
function lineCounter(file: string, maxRows: number): (chunk: Buffer) => void {
  let [feeds, returns, read, start] = [0, 0, 0, 0];
  return (chunk) => {
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (byte !== 10 && byte !== 13) continue;
      if (read + i - start > MAX_LINE_BYTES) break;
      if (byte === 10) feeds++;
      else returns++;
      start = read + i + 1;
    }
    read += chunk.length;
    const lines = Math.max(feeds, returns);
    if (read - start > MAX_LINE_BYTES)
      throw unreadable(file, `line ${lines + 1} is longer than ${MAX_LINE_BYTES >> 20} MiB`);
    if (lines > maxRows + 1) throw tooManyRows(file, `more than ${maxRows.toLocaleString("en-US")} lines`, maxRows);
  };
}

/** The error of a file that has more rows than an import takes. */
export const tooManyRows = (file: string, what: string, maxRows: number) =>
  new FullcourtError(
    "too_many_rows",
    `${file}: it has ${what}; an import takes at most ${maxRows.toLocaleString("en-US")} of one file.`,
    "Nothing was loaded. Split the file and import the parts.",
  );

/** The error of files for which the memory of an import is not enough. */
export const tooLarge = (files: readonly string[]) =>
  new FullcourtError(
    "import_too_large",
    `${files.join(", ")}: reading takes more memory than an import may have. Nothing was loaded.`,
    "Split the files and import the parts.",
  );

/** Bytes of text in UTF-8, from UTF-8, UTF-16 with a mark or Windows-1252; the first letter that is not ASCII says which. */
async function* toUtf8(file: string, source: Readable): AsyncGenerator<Buffer> {
  let kind: "utf-8" | "utf-16le" | "utf-16be" | "windows-1252" | undefined;
  let decoder: TextDecoder | undefined;
  let rest: Buffer = Buffer.alloc(0);
  let [offset, isFirst] = [0, true];
  const refuse = (at: number, what: string) => unreadable(file, `byte ${offset + at} ${what}`);
  const convert = (bytes: Buffer, isLast: boolean): Buffer => {
    if (isFirst && bytes.length > 1) {
      isFirst = false;
      const mark = bytes.readUInt16BE(0);
      if (mark === 0xfffe || mark === 0xfeff) {
        kind = mark === 0xfffe ? "utf-16le" : "utf-16be";
        decoder = new TextDecoder(kind, { fatal: true });
      }
    }
    if (decoder) {
      try {
        return Buffer.from(decoder.decode(bytes, { stream: !isLast }));
      } catch {
        throw refuse(halfLetter(bytes, kind === "utf-16le"), "is no UTF-16, as its mark says");
      }
    }
    const zero = bytes.indexOf(0);
    if (zero >= 0) throw refuse(zero, "is 0: this is no text, or UTF-16 without a mark");
    if (!kind && !isAscii(bytes)) {
      const first = bytes.findIndex((byte) => byte > 127);
      kind = isUtf8(bytes.subarray(first, first + sequenceLength(bytes[first] as number))) ? "utf-8" : "windows-1252";
    }
    if (kind === "utf-8" && !isUtf8(bytes)) throw refuse(firstFault(bytes), "is no UTF-8, as the bytes before it are");
    if (kind !== "windows-1252") return bytes;
    const none = bytes.findIndex((byte) => UNDEFINED_1252.has(byte));
    if (none >= 0) throw refuse(none, "is neither UTF-8 nor Windows-1252");
    // Node's own decoder takes it for Latin-1.
    return Buffer.from(
      bytes.toString("latin1").replace(/[\x80-\x9f]/g, (letter) => OF_1252[letter.charCodeAt(0) - 128] as string),
    );
  };
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    // A letter that the end of the chunk cuts waits for the next.
    const cut = kind?.startsWith("utf-16") || kind === "windows-1252" ? bytes.length : lastWhole(bytes);
    const converted = convert(bytes.subarray(0, cut), false);
    yield converted;
    offset += cut;
    rest = bytes.subarray(cut);
  }
  if (rest.length > 0 || decoder) yield convert(rest, true);
}

/** Windows-1252 where it is not Latin-1: 80 to 9F. */
const OF_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";
const UNDEFINED_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
const sequenceLength = (lead: number) => (lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1);

/** Where the last letter of UTF-8 begins that may go on after these bytes. */
function lastWhole(bytes: Buffer): number {
  const last = bytes.subarray(-4).toString("latin1");
  const at = last.search(/[\xc0-\xff][\x80-\xbf]*$/);
  return at < 0 ? bytes.length : bytes.length - last.length + at;
}

/** The first byte that is no UTF-8. */
function firstFault(bytes: Buffer): number {
  const text = bytes.toString();
  for (let at = text.indexOf("\uFFFD"); at >= 0; at = text.indexOf("\uFFFD", at + 1)) {
    const byte = Buffer.byteLength(text.slice(0, at));
    // The text may have this letter itself.
    if (bytes.indexOf("\uFFFD", byte) !== byte) return byte;
  }
  return bytes.length;
}

/** Where UTF-16 holds half a letter. */
function halfLetter(bytes: Buffer, isLittle: boolean): number {
  const whole = bytes.subarray(0, bytes.length & ~1);
  const at = (isLittle ? whole : Buffer.from(whole).swap16()).toString("utf16le").search(/\p{Surrogate}/u);
  return at < 0 ? whole.length : 2 * at;
}

const DELIMITERS = [",", ";", "\t", "|"];

/** The header of a text: the first line that is not empty, a comment or "sep=". Undefined until it has ended. */
function readHeader(head: Buffer, isAll: boolean): (Header & { end: number }) | undefined {
  const text = head.toString("utf8");
  let said: string | undefined;
  let [start, linesBefore] = [text.startsWith("\uFEFF") ? 1 : 0, 0];
  for (;;) {
    const end = /\r\n|\n|\r(?=[^\n])/g;
    end.lastIndex = start;
    const found = end.exec(text);
    if (!found && (!isAll || start >= text.length)) return undefined;
    const line = text.slice(start, found?.index).trim();
    start = found ? found.index + found[0].length : text.length;
    linesBefore++;
    said = /^"?sep=(.)"?$/i.exec(line)?.[1] ?? (/^"?sep=\t?"?$/i.test(line) ? "\t" : said);
    if (line === "" || line.startsWith("#") || /^"?sep=/i.test(line)) continue;
    const delimiter = said ?? mostFrequent(line);
    return {
      delimiter,
      headers: splitLine(line, delimiter),
      lineEnd: found?.[0] ?? "\n",
      linesBefore,
      end: Buffer.byteLength(text.slice(0, start)),
    };
  }
}

/** The delimiter that stands most often outside of quotes. */
function mostFrequent(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, "");
  const counts = DELIMITERS.map((one) => bare.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
}

function splitLine(line: string, delimiter: string): string[] {
  const cells: string[] = [];
  let [cell, isQuoted] = ["", false];
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    if (letter === delimiter && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += letter;
  }
  return [...cells, cell].map((one) =>
    one
      .trim()
      .replace(/^"([\s\S]*)"$/, "$1")
      .replaceAll('""', '"')
      .trim(),
  );
}

/**
 * The lines on which records of a text begin, by their numbers from 0 or by the bytes where they do. It is gone through
 * again: what is asked is a handful. Records at the bytes of `left` have no number.
 */
export function findLines(
  { path, delimiter, linesBefore }: Text,
  asked: Iterable<number>,
  by: "row" | "byte",
  left: ReadonlySet<number> = new Set(),
): Map<number, number> {
  const wanted = new Set(asked);
  const lines = new Map<number, number>();
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(1 << 18);
  const comma = delimiter.charCodeAt(0);
  let [row, line, offset, previous] = [0, linesBefore + 1, 0, 0];
  // Of a record after empty lines DuckDB gives the byte of the first of those.
  let record = { from: 0, at: 0, line };
  let cell: "begins" | "bare" | "quoted" | "closed" = "begins";
  const end = () => {
    const isAt = (some: ReadonlySet<number>) => {
      for (let at = record.from; some.size > 0 && at <= record.at; at++) if (some.has(at)) return at;
      return undefined;
    };
    if (by === "row" && isAt(left) !== undefined) return;
    const key = by === "row" ? row : isAt(wanted);
    if (key !== undefined && wanted.delete(key)) lines.set(key, record.line);
    row++;
  };
  try {
    for (let size = 1; size > 0 && wanted.size > 0; offset += size) {
      size = readSync(file, bytes);
      for (let i = 0; i < size; i++) {
        const byte = bytes[i] as number;
        const isSecond = byte === 10 && previous === 13;
        const isNewline = byte === 10 || byte === 13;
        previous = byte;
        if (isNewline && !isSecond) line++;
        if (byte === 34) cell = cell === "begins" || cell === "closed" ? "quoted" : cell === "quoted" ? "closed" : cell;
        else if (cell === "quoted") continue;
        else if (isNewline) {
          const isEmpty = offset + i === record.at || isSecond;
          if (!isEmpty) end();
          record = { from: isEmpty ? record.from : offset + i + 1, at: offset + i + 1, line };
          cell = "begins";
        } else if (byte === comma) cell = "begins";
        else if (cell === "begins" && byte !== 32) cell = "bare";
      }
    }
    if (offset > record.at) end();
  } finally {
    closeSync(file);
  }
  return lines;
}
