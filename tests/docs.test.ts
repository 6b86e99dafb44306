import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { playerScoringStreak } from "@/examples/scoring-streak/player-scoring-streak";
import { openApi } from "@/lib/api/openapi";
import { STATES } from "@/lib/engine/coverage/types";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { formatState } from "@/lib/engine/view/format-state";
import { STATE_MEANINGS, TERMS } from "@/lib/engine/view/glossary";
import { nba } from "@/lib/pipelines/nba";
import { execute } from "@/server/cli/execute";
import type { Io } from "@/server/cli/io";
import type { Context } from "@/server/context";
import { makeDemo } from "@/server/demo";
import { memoryContext } from "./support/context";
import { runUnopened, silentIo } from "./support/io";

// As docs/adding-a-table.md has it.
const PIPELINE = compilePipeline({ ...nba, tables: [...nba.tables, playerScoringStreak] });

const PAGES = ["README.md", ...readdirSync("docs").flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : []))];
const FULLCOURT = /^(?<settings>(?:[A-Z_]+=\S+ )*)npm run --silent fullcourt -- (?<words>.*)$/;
/** Run by tests of their own: a server, a benchmark, a warehouse that is not here. */
const ELSEWHERE = /^(serve|bench|sync|restore|backup)\b/;

/** Commands of the shell blocks of a page, as words, without what the shell does with their output. */
function commandsOf(page: string): string[][] {
  const blocks = [...readFileSync(page, "utf8").matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] as string);
  return blocks
    .flatMap((block) => block.split("\n"))
    .flatMap((line) => {
      const words = FULLCOURT.exec(line.replace(/\s+(#|>).*$/, ""))?.groups?.words;
      return words && !ELSEWHERE.test(words) ? [words.split(/\s+/)] : [];
    });
}

/** Runs a command as the command line does, from a folder of its own; examples are the repository's. */
function run([name = "", ...args]: string[], io: Io): Promise<number> | number {
  if (name === "tables" || name === "init")
    return runUnopened([name, ...args.map((word) => (word.startsWith("examples/") ? path.resolve(word) : word))], io);
  return execute(context, [name, ...args], io);
}

let context: Context;
const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-docs-"));
beforeAll(async () => {
  context = await memoryContext(undefined, undefined, PIPELINE);
  await makeDemo(context, {});
  writeFileSync(
    path.join(folder, "games.csv"),
    "game_id,game_date,home_team_abbr,away_team_abbr,home_points,away_points\n0022199001,2021-11-25,BOS,NYK,100,90\n",
  );
  const box = [
    "game_id,game_date,team_abbr,player_id,player_name,minutes,fg_made,fg_attempted,three_pt_made,three_pt_attempted,ft_made,ft_attempted,offensive_rebounds,defensive_rebounds,assists,steals,blocks,turnovers,personal_fouls,points,plus_minus",
    "0022199001,2021-11-25,BOS,1,Ann Example,30:00,5,10,1,3,2,2,1,4,3,1,0,2,1,13,5",
  ];
  writeFileSync(path.join(folder, "player_box.csv.gz"), gzipSync(`${box.join("\n")}\n`));
});
afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true });
});

describe("commands of the documents", () => {
  it("are found", () => {
    expect(PAGES.flatMap(commandsOf).length).toBeGreaterThan(15);
  });

  it.each(PAGES.map((page) => [page]))(
    "%s: each is known and does what it says",
    async (page) => {
      for (const words of commandsOf(page)) {
        const io = silentIo(folder);
        const code = await run(words, io);
        const said = io.said.out + io.said.err;
        // 1 says that something is not right, as it is in the demo; 2 that the command is wrong.
        expect([0, 1], `${words.join(" ")}\n${said}`).toContain(code);
        expect(said.length, words.join(" ")).toBeGreaterThan(0);
      }
    },
    120_000,
  );
});

describe("docs/concepts.md", () => {
  const page = readFileSync("docs/concepts.md", "utf8");

  it.each(STATES)("has %s with its picture, in the words of grid and help", (state) => {
    const { means, next } = STATE_MEANINGS[state];
    const name = formatState(state);
    expect(page).toContain(`| ![${name}](states/${state}.png) | ${name} | ${means} | ${next} |`);
    expect(existsSync(`docs/states/${state}.png`)).toBe(true);
  });

  it("has the other words in theirs", () => {
    for (const [term, meaning] of Object.entries(TERMS)) expect(page).toContain(`| ${term} | ${meaning} |`);
  });
});

describe("docs/api.md", () => {
  it("has every route that the API's description has, and the description this version", () => {
    const page = readFileSync("docs/api.md", "utf8");
    const { info, paths } = openApi(PIPELINE);
    for (const [route, methods] of Object.entries(paths ?? {}))
      for (const [method, { summary }] of Object.entries(methods as Record<string, { summary: string }>))
        expect(page).toContain(`| ${method.toUpperCase()} | ${route} | ${summary} |`);
    expect(info.version).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
  });
});

describe("links of the documents", () => {
  it.each([...PAGES, "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"].map((page) => [page]))(
    "%s: each leads to a file",
    (page) => {
      const text = readFileSync(page, "utf8");
      const links = [...text.matchAll(/(?:\]\(|(?:src|srcset)=")(?!https?:|#)([^)#"]+)/g)].map(
        (match) => match[1] as string,
      );
      const named = [
        ...text.matchAll(/`((?:app|lib|server|components|e2e|docs|examples|deploy)\/[\w./[\]-]+\.\w+)`/g),
      ].map((match) => match[1] as string);
      for (const link of links) expect(existsSync(path.join(path.dirname(page), link)), link).toBe(true);
      for (const file of named) expect(existsSync(file), file).toBe(true);
    },
  );
});
