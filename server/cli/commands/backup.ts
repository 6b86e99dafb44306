import path from "node:path";
import { type Backup, backup as make, restore as put } from "../../backup";
import type { Config } from "../../config";
import type { Context } from "../../context";
import type { Run } from "../command";
import { json } from "../io";

function words({ warehouse, state }: Backup): string {
  const held = [...(warehouse ? ["warehouse"] : []), ...(state ? ["state"] : [])];
  const kept = [...(warehouse ? [] : ["BigQuery's tables"]), ...(state ? [] : ["the Postgres of DATABASE_URL"])];
  return `${held.join(" and ") || "nothing"}${kept.length > 0 ? `; not ${kept.join(" and ")}, which have backups of their own` : ""}`;
}

export const backup: Run<Context> = async (context, [given = ""], values, io) => {
  const folder = path.resolve(io.cwd, given);
  const done = await make(context, folder);
  if (values.json) json(io, done);
  else io.out(`${folder} holds ${words(done)}.\n`);
  return 0;
};

/** Works on a home that no process holds, so it opens nothing before. */
export const restore: Run<Config> = async (config, [given = ""], values, io) => {
  const done = await put(config, path.resolve(io.cwd, given), values.force === true);
  if (values.json) json(io, done);
  else {
    io.out(`${config.home} holds ${words(done)} as of ${done.at}.\n`);
    if (done.aside) io.out(`What was there is in ${done.aside}: delete it when you do not need it.\n`);
  }
  return 0;
};
