import { writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requestFor } from "@/lib/engine/planning/request";
import { addDays } from "@/lib/util/dates";
import { Random } from "@/lib/util/random";
import { authOf } from "@/server/access/auth";
import { addUser, makeToken } from "@/server/access/people";
import { backup } from "@/server/backup/backup";
import { importFrom } from "@/server/cli/commands/data";
import { readConfig } from "@/server/config";
import { openContext } from "@/server/context";
import { readCoverage } from "@/server/coverage";
import { acceptGaps, withdrawGap } from "@/server/coverage/gaps";
import { DEFAULT_OPTIONS, type Launched, launch } from "@/server/runner/launch";
import { previewPlan } from "@/server/runner/plans";
import { listAcceptances } from "@/server/state/acceptances";
import { launchOnce } from "@/server/state/launches";
import { NBA, PROCESSORS } from "@/tests/support/tables";
import { BUILT, IMPORT_DATE, STEADY_GAME, type Word } from "./kill-words";

/** Dates with gaps to accept. */
const DAMAGED = { start: "2021-11-16", end: "2021-11-30" };
/** Acceptances that stand at once: there are gaps enough for these. */
const MOST_ACCEPTED = 20;

/** Works on an installation in every way at once, until it is killed: `tsx tests/support/kill-worker.ts FOLDER ROUND WORDS`. */
async function main([folder = "", round = "0", before = "0"]: string[]): Promise<void> {
  const context = await openContext(readConfig(), NBA, "the worker to be killed");
  let words = Number(before);
  const say = (word: Word) => {
    writeSync(3, `${JSON.stringify(word)}\n`);
    words++;
  };

  /** Does a kind of work again and again. The state of SQLite answers at once: without a pause the others would starve. */
  const again = async (work: (i: number) => Promise<void>) => {
    for (let i = 0; ; i++) {
      await work(i);
      await sleep(20);
    }
  };

  const runs = (lane: number) => {
    const draw = new Random(Number(round) * 10 + lane);
    const shorts = PROCESSORS.map((table) => table.id);
    return again(async (i) => {
      const start = addDays(BUILT.start, draw.int(0, BUILT.days - 1));
      const tables = draw.chance(0.1) ? shorts : draw.shuffle(shorts).slice(0, draw.int(1, 3));
      const request = requestFor(tables, { start, end: start });
      const plan = await previewPlan(context, { ...request, only: "all", upstream: false, downstream: false });
      const key = `key ${round} ${lane} ${i}`;
      say({ kind: "launching", key, planId: plan.planId });
      let begun: Launched | undefined;
      const { runId } = await launchOnce(context.state.db, key, plan.planId, async (own) => {
        begun = await launch(context, plan.planId, DEFAULT_OPTIONS, "api", "queue", own);
        return begun.id;
      });
      say({ kind: "launched", key, id: runId, tasks: plan.tasks.length });
      const run = await (begun as Launched | undefined)?.done;
      if (run) say({ kind: "ended", id: runId, status: run.status, rows: run.rows });
    });
  };

  const imports = () => {
    const silent = () => undefined;
    const io = {
      out: silent,
      err: silent,
      progress: silent,
      confirm: async () => false,
      cwd: folder,
      signal: new AbortController().signal,
    };
    return again(async (i) => {
      const value = Number(round) * 10_000 + i + 1;
      const game = `002${String(value).padStart(7, "0")}`;
      const schedule = `schedule-${value}.csv`;
      const scores = `scores-${value}.csv`;
      writeFileSync(
        path.join(folder, schedule),
        `game_id,game_date,season_year,game_status,home_team_abbr,away_team_abbr,arena_timezone
${game},${IMPORT_DATE},2021,1,BOS,NYK,${value}
${STEADY_GAME},${IMPORT_DATE},2021,1,DEN,MIA,${value}
`,
      );
      const score = (team: string, home: boolean) => `${game},${IMPORT_DATE},${team},${home},240,100,90\n`;
      writeFileSync(
        path.join(folder, scores),
        `game_id,game_date,team_abbr,is_home,minutes,points,field_goals_attempted\n${score("BOS", true)}${score("NYK", false)}`,
      );
      await importFrom(context, [schedule, scores], {}, io);
      say({ kind: "imported", game, value, file: schedule });
    });
  };

  const people = () => {
    const auth = authOf(context);
    if (!auth) throw new Error("sign-in is on");
    return again(async (i) => {
      const email = `person-${round}-${i}@example.com`;
      const { password } = await addUser(context, email, "viewer");
      if (!password) throw new Error("people sign in by password");
      say({ kind: "person", email });
      const { token } = await auth.api.signInEmail({ body: { email, password } });
      say({ kind: "session", email, token });
      const { id, secret } = await makeToken(context, { email, name: `of ${email}`, scope: "viewer", days: 1 });
      say({ kind: "token", email, id, secret });
    });
  };

  const gaps = () =>
    again(async (i) => {
      const standing = await listAcceptances(context.state.db);
      const oldest = standing[0];
      if (oldest && (standing.length > MOST_ACCEPTED || i % 3 === 2)) {
        say({ kind: "withdrawing", id: oldest.id });
        await withdrawGap(context, oldest.id);
        say({ kind: "withdrawn", id: oldest.id });
        return;
      }
      const { cells } = await readCoverage(context, DAMAGED.start, DAMAGED.end);
      const open = [...cells.values()].filter((cell) => cell.expected && cell.rows < cell.expected && !cell.accepted);
      const first = open[i % open.length];
      const other = open.find((cell) => cell.table !== first?.table);
      const chosen = [first, other].flatMap((cell) => (cell ? [{ table: cell.table, date: cell.date }] : []));
      const made = await acceptGaps(context, {
        cells: chosen,
        reason: `reason ${round} ${i}`,
        by: "worker",
        expires: null,
      });
      say({ kind: "accepted", ids: made.map((one) => one.id) });
    });

  const backups = () =>
    again(async (i) => {
      const target = path.join(folder, `backup-${round}-${i}`);
      const after = words;
      await backup(context, target);
      say({ kind: "backup", folder: target, after });
    });

  await Promise.all([runs(0), runs(1), imports(), people(), gaps(), backups()]);
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${String(error?.stack ?? error)}\n`);
  process.exit(1);
});
