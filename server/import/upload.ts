import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import type { Upload } from "@/lib/api/rows";
import { FullcourtError } from "@/lib/errors";
import { audit } from "../audit";
import type { Context } from "../context";
import { type Imported, importedWords, importFiles } from "./index";

/** Files of all uploads together, in bytes; larger ones go by the command line, which reads them where they are. */
const MOST_BYTES = 256 << 20;
/** Letters of a file's name that are kept. */
const MAX_NAME = 60;
/** An upload that nobody loads is thrown away after an hour. */
const KEEP_MS = 3_600_000;

const folderOf = (context: Context, id: string) => {
  if (!/^[0-9a-f]{16}$/.test(id))
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  return path.join(context.config.home, "uploads", id);
};

/** Paths of the server say nothing to a person: the file's own name stays. */
function withoutFolder(text: string, folder: string): string {
  const [first, ...others] = text.split(`${folder}${path.sep}`);
  return [first, ...others.map((rest) => rest.replace(/^\d+-/, ""))].join("");
}

async function inFolder<T extends Imported>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    const found = await work();
    const own = (text: string) => withoutFolder(text, folder);
    const findings = found.findings.map((one) => ({ ...one, examples: one.examples.map(own) }));
    return { ...found, findings, warnings: found.warnings.map(own) };
  } catch (error) {
    if (!(error instanceof FullcourtError)) throw error;
    throw new FullcourtError(error.code, withoutFolder(error.message, folder), error.hint, error.exitCode);
  }
}

/** Keeps uploaded files for a while and says what loading them would do. */
export async function checkUpload(context: Context, files: File[]): Promise<Upload> {
  if (files.length === 0) throw new FullcourtError("no_file", "No file came with the request.", "Choose a file.");
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MOST_BYTES)
    throw new FullcourtError(
      "upload_too_large",
      `The files are ${Math.ceil(bytes / 2 ** 20)} MiB together; at most ${MOST_BYTES >> 20} MiB are taken here.`,
      "Load them with `fullcourt import FILE...` on the server's machine.",
    );
  await forgetOld(context);
  const id = randomBytes(8).toString("hex");
  const folder = folderOf(context, id);
  await mkdir(folder, { recursive: true });
  try {
    const paths: string[] = [];
    // Two files may have one name.
    for (const [at, file] of files.entries()) {
      const to = path.join(folder, `${at}-${path.basename(file.name).replaceAll("\0", "").slice(-MAX_NAME)}`);
      await pipeline(
        Readable.fromWeb(file.stream() as ReadableStream<Uint8Array>),
        createWriteStream(to, { flags: "wx" }),
      );
      paths.push(to);
    }
    const checked = await inFolder(folder, () => importFiles(context.warehouse, paths, { dryRun: true, preview: 5 }));
    return { id, files: files.map((file) => file.name), ...checked, preview: checked.preview ?? {} };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Loads the files of an upload, all or nothing, and forgets them. */
export async function loadUpload(context: Context, id: string, strict: boolean): Promise<Imported> {
  const folder = folderOf(context, id);
  const names = (await readdir(folder).catch(() => [])).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  if (names.length === 0)
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  const paths = names.map((name) => path.join(folder, name));
  const loaded = await inFolder(folder, () => importFiles(context.warehouse, paths, { strict }));
  const own = names.map((name) => name.replace(/^\d+-/, ""));
  await audit(context, "import", importedWords(own, loaded));
  await rm(folder, { recursive: true, force: true });
  return loaded;
}

async function forgetOld(context: Context): Promise<void> {
  const all = path.join(context.config.home, "uploads");
  for (const name of await readdir(all).catch(() => [])) {
    const one = path.join(all, name);
    const { mtimeMs } = await stat(one);
    if (Date.now() - mtimeMs > KEEP_MS) await rm(one, { recursive: true, force: true });
  }
}
