import "./config";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { authOf } from "@/server/access/auth";
import { addUser } from "@/server/access/people";
import { backup } from "@/server/backup";
import { readConfig } from "@/server/config";
import { openContext } from "@/server/context";
import { importFiles } from "@/server/import";
import { DEFAULT_OPTIONS, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { listPeople } from "@/server/state/people";

/** Rows of each import. */
export const ROWS = 20;
/** The dates that runs rebuild. */
export const DATES = ["2021-11-02", "2021-11-03", "2021-11-04", "2021-11-05"];

/**
 * Does all kinds of work beside each other until it is killed, and says what has been acknowledged, a line each:
 * `tsx tests/support/mixed-work.ts FOLDER NAME`, names told apart by NAME.
 */
async function main([folder = "", name = ""]: string[]): Promise<void> {
  const context = await openContext(readConfig(), "mixed work");
  const auth = authOf(context);
  if (!auth) throw new Error("sign-in is on");
  const done = (...words: Array<string | number>) => process.stdout.write(`done ${words.join(" ")}\n`);
  const works: Record<string, (n: number) => Promise<void>> = {
    async people(n) {
      const email = `${name}-${n}@example.com`;
      const { password } = await addUser(context, email, "viewer");
      done("person", email);
      const answer = await auth.api.signInEmail({ body: { email, password }, asResponse: true });
      done("session", ((await answer.json()) as { token: string }).token);
    },
    async runs(n) {
      const date = DATES[n % DATES.length] as string;
      const range = { start: date, end: date, only: "all" as const, upstream: false, downstream: false };
      const plan = await previewPlan(context, { tables: ["togs"], ...range });
      const launched = await launch(context, plan.planId, DEFAULT_OPTIONS, "test");
      done("launch", launched.id);
      done("run", launched.id, (await launched.done).status);
    },
    async imports(n) {
      const file = path.join(folder, `${name}-${n}.csv`);
      const lines = Array.from({ length: ROWS }, (_, i) => `2021-10-01,${name}-${n}-${i},${i}`);
      writeFileSync(file, ["game_date,player_lookup,points_line", ...lines].join("\n"));
      await importFiles(context.warehouse, [file], { into: "odds_player_points_props" });
      done("import", `${name}-${n}`);
    },
    async backups(n) {
      const people = (await listPeople(context.state.db)).length;
      const copy = path.join(folder, `backup-${name}-${n}`);
      await backup(context, copy);
      done("backup", copy, people);
    },
  };
  process.stdout.write("ready\n");
  await Promise.all(
    Object.values(works).map(async (work) => {
      for (let n = 0; ; n++) await work(n);
    }),
  );
}

if (process.argv[1]?.endsWith("mixed-work.ts")) await main(process.argv.slice(2));
