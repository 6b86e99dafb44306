import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { memoryContext } from "../../tests/support/context";
import { execute } from "../cli/execute";
import type { Context } from "../context";
import { listDeeds } from "../state/audit";
import { checkUpload, loadUpload } from "./upload";

const home = mkdtempSync(path.join(tmpdir(), "fullcourt-upload-"));
let context: Context;
beforeAll(async () => {
  context = await memoryContext("2021-12-01");
  context.config.home = home;
});
afterAll(async () => {
  await context.close();
  rmSync(home, { recursive: true, force: true });
});

const HEADER = "game_id,game_date,game_status,home_team_abbr,away_team_abbr\n";
const games = (...ids: number[]) => HEADER + ids.map((id) => `002210000${id},2021-11-15,3,BOS,XYZ\n`).join("");

/** A form with files as a browser sends it. */
function sent(...files: Array<[name: string, content: BlobPart]>): Request {
  const body = new FormData();
  for (const [name, content] of files) body.append("files", new File([content], "a"), name);
  return new Request("http://127.0.0.1/api/import", { method: "POST", body });
}

/** A form of which a name or its end is not as a browser would send it. */
const raw = (text: string, headers: Record<string, string> = {}) =>
  new Request("http://127.0.0.1/api/import", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=XX", ...headers },
    body: Buffer.from(text),
  });
const part = (name: string, content: string) =>
  `--XX\r\ncontent-disposition: form-data; name="files"; filename="${name}"\r\n\r\n${content}\r\n`;
const failure = (request: Request) =>
  checkUpload(context, request).then(
    () => "taken",
    (error) => `${error.code}: ${error.message}`,
  );
const leftOvers = () => (existsSync(path.join(home, "uploads")) ? readdirSync(path.join(home, "uploads")) : []);

it("two files of one name are both loaded, and no path of the server is shown", async () => {
  const { id, files, tables, warnings, preview } = await checkUpload(
    context,
    sent(["games.csv", games(1, 2)], ["games.csv", games(3)], ["games.csv", ""]),
  );
  expect({ files, tables }).toEqual({ files: ["games.csv", "games.csv"], tables: { nbac_schedule: 3 } });
  expect(preview.nbac_schedule).toHaveLength(3);
  expect(warnings.join()).toContain(": games.csv:2: XYZ; games.csv:3: XYZ; games.csv:2: XYZ.");
  expect((await loadUpload(context, id, false)).written).toEqual({ nbac_schedule: 3 });
  expect(leftOvers()).toEqual([]);
});

it("two files of one name in one import of the command line are both loaded, and recorded as they were named", async () => {
  for (const [folder, id] of [
    ["2020-21", 4],
    ["2021-22", 5],
  ] as const) {
    mkdirSync(path.join(home, folder));
    writeFileSync(path.join(home, folder, "games.csv"), games(id));
  }
  let out = "";
  const io = {
    out(text: string) {
      out += text;
    },
    err: () => undefined,
    cwd: home,
  } as never;
  expect(await execute(context, ["import", "2020-21/games.csv", "2021-22/games.csv", "--json"], io)).toBe(0);
  expect(JSON.parse(out).written).toEqual({ nbac_schedule: 2 });
  expect((await listDeeds(context.state.db))[0]).toMatchObject({
    deed: "import",
    subject: "2020-21/games.csv, 2021-22/games.csv: 2 rows of nbac_schedule",
  });
});

it("a file's folder is shown where it is known", async () => {
  const { files, warnings } = await checkUpload(
    context,
    sent(["2020-21/games.csv", games(1)], ["2021-22/games.csv", games(2)]),
  );
  expect(files).toEqual(["2020-21/games.csv", "2021-22/games.csv"]);
  expect(warnings.join()).toContain(": 2020-21/games.csv:2: XYZ; 2021-22/games.csv:2: XYZ.");
});

it.each([
  [".."],
  ["a/../../b.csv"],
  [`${"x".repeat(256)}.csv`],
  ["a\0b.csv"],
  [`${"ü".repeat(130)}.csv`],
  ["a/".repeat(600)],
])("an upload's name that no file can have is wrong input: %j", async (name) => {
  const before = leftOvers();
  expect(await failure(raw(`${part(name, games(1))}--XX--`))).toMatch(/^bad_request: /);
  expect(leftOvers()).toEqual(before);
});

it("a form that is cut off or none at all is wrong input, and nothing of it stays", async () => {
  const before = leftOvers();
  expect(await failure(raw(part("a.csv", games(1))))).toMatch(/^bad_request: The form is cut off/);
  expect(await failure(raw("{}", { "content-type": "multipart/form-data" }))).toMatch(
    /^bad_request: The body is no form/,
  );
  expect(await failure(raw("--XX--"))).toMatch(/^no_file/);
  expect(await failure(sent(["other.csv", "a,b\n1,2\n"]))).toMatch(
    /: other\.csv: no raw table has these columns: a, b/,
  );
  expect(leftOvers()).toEqual(before);
});

it("an upload is written to disk as it comes and stopped at its limit", async () => {
  const before = leftOvers();
  const piece = new Uint8Array(1 << 20);
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pieces++ === 0) controller.enqueue(Buffer.from(part("a.csv", "").slice(0, -2)));
      controller.enqueue(piece);
    },
  });
  const request = new Request("http://127.0.0.1/api/import", {
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=XX" },
    body,
    duplex: "half",
  } as RequestInit);
  const { rss } = process.memoryUsage();
  expect(await failure(request)).toBe("upload_too_large: The files are larger than 256 MiB together.");
  // Endless, it was left at the limit; one buffer was made of all of it before.
  expect(pieces).toBeLessThan(260);
  expect(process.memoryUsage().rss - rss).toBeLessThan(200 << 20);
  expect(await failure(raw("", { "content-length": String(257 << 20) }))).toMatch(/^upload_too_large/);
  expect(leftOvers()).toEqual(before);
});

it("more files than a form may have are refused, and none is left out without a word", async () => {
  const many = Array.from({ length: 1_001 }, (_, at) => part(`${at}.csv`, games(1))).join("");
  expect(await failure(raw(`${many}--XX--\r\n`))).toContain("More than 1000 files");
});
