import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { type Backup, backup as make, restore as put } from "../../backup";
import type { Config } from "../../config";
import { type Command, json } from "../command";
import { readFlags, type Values } from "../flags";
import type { Io } from "../io";

function words({ warehouse, state }: Backup): string {
  const held = [...(warehouse ? ["warehouse"] : []), ...(state ? ["state"] : [])];
  const kept = [...(warehouse ? [] : ["BigQuery's tables"]), ...(state ? [] : ["the Postgres of DATABASE_URL"])];
  return `${held.join(" and ") || "nothing"}${kept.length > 0 ? `; not ${kept.join(" and ")}, which have backups of their own` : ""}`;
}

function folderOf(name: string, given: string[], io: Pick<Io, "cwd">): string {
  const [folder, ...more] = given;
  if (!folder || more.length > 0)
    throw new FullcourtError("wrong_usage", `${name} needs one folder.`, `fullcourt ${name} FOLDER`);
  return path.resolve(io.cwd, folder);
}

export const backup: Command = {
  name: "backup",
  usage: "backup FOLDER",
  about: "copies warehouse and state into a new folder, also while the server runs",
  flags: {},
  async run(context, given, values, io) {
    const folder = folderOf("backup", given, io);
    const done = await make(context, folder);
    if (values.json) json(io, done);
    else io.out(`${folder} holds ${words(done)}.\n`);
    return 0;
  },
};

/** `restore FOLDER [--force]`: works on a home that no process holds, so it opens nothing before. */
export async function restore(config: Config, argv: string[], io: Io): Promise<0> {
  const flags = readFlags(argv, { force: { type: "boolean" } });
  const values: Values = flags.values;
  if (values.help) {
    io.out("fullcourt restore FOLDER [--force]\n\nputs a backup into an empty home, or in place of what it holds\n");
    return 0;
  }
  const done = await put(config, folderOf("restore", flags.words, io), values.force === true);
  if (values.json) json(io, done);
  else io.out(`${config.home} holds ${words(done)} as of ${done.at}.\n`);
  return 0;
}
