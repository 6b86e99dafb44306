import path from "node:path";
import { plural } from "@/lib/engine/view/format";
import { type Backup, backup as make, restore as put, type Restored, verifyBackup } from "../../backup/backup";
import type { Config } from "../../config";
import type { Context } from "../../context";
import type { Run } from "../command";
import { answer } from "../io";

function words({ warehouse, state }: Backup): string {
  const held = [...(warehouse ? ["warehouse"] : []), ...(state ? ["state"] : [])];
  const kept = [...(warehouse ? [] : ["BigQuery's tables"]), ...(state ? [] : ["the Postgres of DATABASE_URL"])];
  return `${held.join(" and ") || "nothing"}${kept.length > 0 ? `; not ${kept.join(" and ")}, which have backups of their own` : ""}`;
}

export const backup: Run<Context> = async (context, [given = ""], values, io) => {
  const folder = path.resolve(io.cwd, given);
  const done = await make(context, folder);
  return answer(io, values, done, () => `${folder} holds ${words(done)}.`);
};

/** Reads a backup alone: needs no home, and works beside a server. */
export const verify: Run<undefined> = async (_nothing, [given = ""], values, io) => {
  const folder = path.resolve(io.cwd, given);
  const found = await verifyBackup(folder);
  const sums = found.files
    ? "sizes and SHA-256 are as written, and it opens"
    : "it opens (it has no sums: it was made before 2.0)";
  return answer(io, values, found, () => `${folder} holds ${words(found)} as of ${found.at}: ${sums}.`);
};

/** What a person should know of a state that is put back. */
function afterwards({ aside, runs = [], tokens = 0, revoked = 0 }: Restored): string[] {
  return [
    ...(aside ? [`What was there is in ${aside}: delete it when you do not need it.`] : []),
    ...(runs.length > 0
      ? [`${plural(runs.length, "run")} of it had not ended (${runs.join(", ")}): \`fullcourt runs resume ID\`.`]
      : []),
    ...(revoked > 0 ? [`${plural(revoked, "token")} that had been revoked since stay so.`] : []),
    ...(tokens > 0 ? [`Valid again: ${plural(tokens, "token")} (\`fullcourt tokens\`). Everyone signs in again.`] : []),
  ];
}

/** Works on a home that no process holds, so it opens nothing before. */
export const restore: Run<Config> = async (config, [given = ""], values, io) => {
  const done = await put(config, path.resolve(io.cwd, given), values.force === true);
  return answer(io, values, done, () =>
    [`${config.home} holds ${words(done)} as of ${done.at}.`, ...afterwards(done)].join("\n"),
  );
};
