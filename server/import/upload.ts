import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyInstance } from "@fastify/busboy";
import type { Upload } from "@/lib/api/rows";
import { FullcourtError } from "@/lib/errors";
import { auditedWork } from "../access/audit";
import type { Context } from "../context";
import { assertLength, bytesWords } from "../http/body";
import { type Imported, importedWords, importFiles } from "./index";

/** A request with files in it, in bytes; larger ones go by the command line, which reads them where they are. */
const MAX_BYTES = 256 << 20;
const MAX_FILES = 1_000;
/** Bytes of a file's name and of each folder before it: what file systems take; and of all of them together. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 1_024;
/** An upload that nobody loads is thrown away after an hour. */
const KEEP_MS = 3_600_000;

const folderOf = (context: Context, id: string) => {
  if (!/^[0-9a-f]{16}$/.test(id))
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  return path.join(context.config.home, "uploads", id);
};

/** Paths of the server say nothing to a person: the file's own name stays, with the folders that came with it. */
function withoutFolder(text: string, folder: string): string {
  const [first, ...others] = text.split(`${folder}${path.sep}`);
  return [first, ...others.map((rest) => rest.replace(/^\d+\//, ""))].join("");
}

async function inFolder<T extends Imported>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    const found = await work();
    const own = (text: string) => withoutFolder(text, folder);
    const findings = found.findings.map((one) => ({ ...one, examples: one.examples.map(own) }));
    return { ...found, findings, warnings: found.warnings.map(own) };
  } catch (error) {
    if (!(error instanceof FullcourtError)) throw error;
    throw new FullcourtError(error.code, withoutFolder(error.message, folder), error.hint);
  }
}

const badRequest = (message: string, hint: string) => new FullcourtError("bad_request", message, hint);

/** A file's name as it was sent, with the folders before it, in parts that may be put together to a path. */
function partsOfName(name: string): string[] {
  const parts = name.split(/[\\/]/).filter(Boolean);
  const isBad = (part: string) => /^\.{1,2}$/.test(part) || Buffer.byteLength(part) > MAX_NAME_BYTES;
  if (parts.length === 0 || name.includes("\0") || parts.some(isBad) || Buffer.byteLength(name) > MAX_PATH_BYTES)
    throw badRequest(
      `A file cannot be named "${name.replaceAll("\0", "").slice(0, 60)}".`,
      `Send a plain name of at most ${MAX_NAME_BYTES} bytes.`,
    );
  return parts;
}

async function* bounded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const part of body) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw tooLarge();
    yield part;
  }
}

const tooLarge = () =>
  new FullcourtError(
    "upload_too_large",
    `The files are larger than ${bytesWords(MAX_BYTES)} together.`,
    "Load them with `fullcourt import FILE...` on the server's machine.",
  );

/** Writes the files of a form into a folder as they come, each into a folder of its number: two may have one name. */
async function receive(request: Request, folder: string): Promise<string[]> {
  const type = request.headers.get("content-type") ?? "";
  let parser: BusboyInstance;
  try {
    const limits = { files: MAX_FILES, parts: MAX_FILES, fieldSize: 1_024 };
    parser = new Busboy({ headers: { "content-type": type }, preservePath: true, limits });
  } catch {
    throw badRequest("The body is no form with files.", "Send multipart/form-data with the field files.");
  }
  const streams: Readable[] = [];
  const writing: Promise<string | null>[] = [];
  const write = async (name: string, stream: Readable, at: number) => {
    const to = path.join(folder, String(at), ...partsOfName(name));
    await mkdir(path.dirname(to), { recursive: true });
    const target = createWriteStream(to, { flags: "wx" });
    await pipeline(stream, target);
    if (target.bytesWritten > 0) return to;
    await rm(path.join(folder, String(at)), { recursive: true });
    return null;
  };
  // Both may tell of an error once more when their pipeline has ended.
  parser.on("error", () => undefined);
  parser.on("file", (field, stream, name) => {
    stream.on("error", () => undefined);
    // What a form without a chosen file sends.
    if (field !== "files" || !name) return stream.resume();
    streams.push(stream);
    const written = write(name, stream, writing.length);
    written.catch((error) => parser.destroy(error));
    return writing.push(written);
  });
  // Of parts too: those beyond it would be left out without a word.
  for (const limit of ["filesLimit", "partsLimit"] as const)
    parser.on(limit, () => parser.destroy(badRequest(`More than ${MAX_FILES} files.`, "Send fewer at once.")));
  try {
    await pipeline(bounded((request.body ?? []) as AsyncIterable<Uint8Array>), parser);
  } catch (error) {
    for (const stream of streams) stream.destroy(error as Error);
    await Promise.allSettled(writing);
    // A full disk, for example; Node's own words are of the stream that was cut off.
    if (error instanceof FullcourtError || /^E(?!RR_)/.test((error as { code?: string }).code ?? "")) throw error;
    throw badRequest("The form is cut off or broken.", "Send it again.");
  }
  return (await Promise.all(writing)).filter((file) => file !== null);
}

/** Keeps the files of a form (field "files") for a while and says what loading them would do. */
export async function checkUpload(context: Context, request: Request): Promise<Upload> {
  assertLength(request.headers, MAX_BYTES, tooLarge);
  await forgetOld(context);
  const id = randomBytes(8).toString("hex");
  const folder = folderOf(context, id);
  await mkdir(folder, { recursive: true });
  try {
    const paths = await receive(request, folder);
    if (paths.length === 0) throw new FullcourtError("no_file", "No file came with the request.", "Choose a file.");
    const checked = await inFolder(folder, () => importFiles(context, paths, { dryRun: true, preview: 5 }));
    const files = paths.map((file) => withoutFolder(file, folder));
    return { id, files, ...checked, preview: checked.preview ?? {} };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The files of an upload, in the order in which they came. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
  const numberOf = (file: string) => Number.parseInt(path.relative(folder, file), 10);
  return files.sort((a, b) => numberOf(a) - numberOf(b));
}

/** Loads the files of an upload, all or nothing, and forgets them. */
export async function loadUpload(context: Context, id: string, strict: boolean): Promise<Imported> {
  const folder = folderOf(context, id);
  const paths = await filesOf(folder);
  if (paths.length === 0)
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  const own = paths.map((file) => withoutFolder(file, folder));
  const load = () => inFolder(folder, () => importFiles(context, paths, { strict }));
  const loaded = await auditedWork(context, "import", own.join(", "), load, (done) => importedWords(own, done));
  await rm(folder, { recursive: true, force: true });
  return loaded;
}

async function forgetOld(context: Context): Promise<void> {
  const all = path.join(context.config.home, "uploads");
  for (const name of await readdir(all).catch(() => [])) {
    const one = path.join(all, name);
    // Another request may have removed it meanwhile.
    const found = await stat(one).catch(() => null);
    if (found && Date.now() - found.mtimeMs > KEEP_MS) await rm(one, { recursive: true, force: true });
  }
}
