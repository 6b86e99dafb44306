import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { table } from "@/server/cli/io";
import type { Context } from "@/server/context";
import { makeDemo } from "@/server/demo";
import { benchChain } from "./chain";
import { benchCoverage } from "./coverage";
import { type Figure, MEASURES, measureOf, round, worseThan } from "./figures";
import { benchImport } from "./import";
import { allQuery, benchPages, yearQuery } from "./pages";
import { openWorld, SEASONS } from "./world";

function readStored(file: string): Figure[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Figure[];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new FullcourtError("bad_run", `${file} holds no run of the benchmark: ${words}`, "`--save FILE` writes one.");
  }
}

/** Builds the dashboard where that has not been done; false where it cannot be. */
function buildPages(say: (message: string) => void): boolean {
  if (existsSync(".next/BUILD_ID")) return true;
  say("building the dashboard");
  return spawnSync("npm", ["run", "--silent", "build"], { stdio: "ignore" }).status === 0;
}

async function measure(say: (message: string) => void): Promise<Figure[]> {
  const home = mkdtempSync(path.join(tmpdir(), "fullcourt-bench-"));
  const figures: Figure[] = [];
  const inWorld = async <T>(work: (context: Context) => Promise<T>): Promise<T> => {
    const context = await openWorld(home);
    try {
      return await work(context);
    } finally {
      await context.close();
    }
  };
  try {
    await inWorld(async (context) => {
      say("making fifteen seasons");
      await makeDemo(context, { clean: true, epochs: SEASONS });
      say("the chain by the runner and by bare statements");
      figures.push(...(await benchChain(context)));
      say("freshness, looks at the data, plans");
      figures.push(...(await benchCoverage(context)));
      figures.push(await benchImport(context, home, say));
    });
    say("the dashboard");
    if (buildPages(say)) {
      // Opened anew each time, as the dashboard is: nothing of the file is in memory.
      const basis = { year: await inWorld(yearQuery), ...(await inWorld(allQuery)) };
      figures.push(...(await benchPages(home, basis, say)));
    } else say("the dashboard cannot be built (`npm run build` says why): its figures are left out");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  const order = new Map(MEASURES.map((measure, index) => [measure.name, index]));
  return figures.sort((a, b) => (order.get(a.name) as number) - (order.get(b.name) as number));
}

function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const { what, against, target } = measureOf(figure.name);
    return [
      figure.name,
      `${round(figure.value)} ${figure.unit}`,
      figure.baseline === null ? "" : `${round(figure.baseline)} ${figure.unit}`,
      figure.ratio === null ? "" : round(figure.ratio),
      target === null ? "" : `≤ ${target}`,
      figure.ok === null ? "" : figure.ok ? "ok" : "MISSED",
      against ? `${what}; against ${against}` : what,
    ];
  });
  return table(["figure", "value", "baseline", "ratio", "target", "", "what"], rows);
}

/** The benchmark: 0 where every target is met, 1 where one is missed. */
export async function bench({
  json,
  save,
  against,
}: {
  json?: boolean;
  save?: string;
  against?: string;
}): Promise<0 | 1> {
  const stored = against ? readStored(against) : [];
  const began = performance.now();
  const figures = await measure((message) => {
    const seconds = Math.round((performance.now() - began) / 1000);
    process.stderr.write(`${String(seconds).padStart(4)} s  ${message}\n`);
  });
  if (save) writeFileSync(save, `${JSON.stringify(figures, null, 2)}\n`);
  process.stdout.write(`${json ? JSON.stringify(figures) : figureTable(figures)}\n`);
  for (const warning of worseThan(stored, figures)) process.stderr.write(`warning: ${warning}\n`);
  return figures.some((figure) => figure.ok === false) ? 1 : 0;
}
