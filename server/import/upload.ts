import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Upload } from "@/lib/api/rows";
import { FullcourtError } from "@/lib/errors";
import { audit } from "../audit";
import type { Context } from "../context";
import { type Imported, importedWords, importFiles } from "./index";

/** Files of all uploads together, in bytes; larger ones go by the command line, which reads them where they are. */
const MOST_BYTES = 256 << 20;
/** An upload that nobody loads is thrown away after an hour. */
const KEEP_MS = 3_600_000;

const folderOf = (context: Context, id: string) => {
  if (!/^[0-9a-f]{16}$/.test(id))
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  return path.join(context.config.home, "uploads", id);
};

/** Paths of the server say nothing to a person: the file's own name stays. */
function withoutFolder<E>(error: E, folder: string): E | FullcourtError {
  if (!(error instanceof FullcourtError)) return error;
  return new FullcourtError(
    error.code,
    error.message.replaceAll(`${folder}${path.sep}`, ""),
    error.hint,
    error.exitCode,
  );
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
    for (const file of files) {
      const to = path.join(folder, path.basename(file.name) || "file");
      await writeFile(to, Buffer.from(await file.arrayBuffer()));
      paths.push(to);
    }
    const checked = await importFiles(context.warehouse, paths, { dryRun: true, preview: 5 });
    return { id, files: files.map((file) => file.name), ...checked, preview: checked.preview ?? {} };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw withoutFolder(error, folder);
  }
}

/** Loads the files of an upload, all or nothing, and forgets them. */
export async function loadUpload(context: Context, id: string, strict: boolean): Promise<Imported> {
  const folder = folderOf(context, id);
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0)
    throw new FullcourtError("unknown_upload", `There is no upload "${id}".`, "Upload the files again.");
  try {
    const paths = names.map((name) => path.join(folder, name));
    const loaded = await importFiles(context.warehouse, paths, { strict });
    await audit(context, "import", importedWords(names, loaded));
    await rm(folder, { recursive: true, force: true });
    return loaded;
  } catch (error) {
    throw withoutFolder(error, folder);
  }
}

async function forgetOld(context: Context): Promise<void> {
  const all = path.join(context.config.home, "uploads");
  for (const name of await readdir(all).catch(() => [])) {
    const one = path.join(all, name);
    const { mtimeMs } = await stat(one);
    if (Date.now() - mtimeMs > KEEP_MS) await rm(one, { recursive: true, force: true });
  }
}
