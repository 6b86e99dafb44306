import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { Installation } from "./server";

/** A disk of its own in memory, so many MB large; undefined where none may be mounted. */
function smallDisk(megabytes: number): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), "fullcourt-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

/** Fills a disk but for some bytes; gives what empties it again. */
function fill(disk: string, left: number): () => void {
  const { bavail, bsize } = statfsSync(disk);
  const file = path.join(disk, "fill");
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  } catch (error) {
    // Somebody else has taken room meanwhile: it is full all the same.
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
  return () => rmSync(file);
}

let disk: string | undefined;
let home: Installation;

test.beforeAll(async () => {
  disk = smallDisk(200);
  test.skip(!disk, "no disk may be mounted here");
  home = new Installation({ FULLCOURT_HOME: path.join(disk as string, "home") });
  await home.demo();
});
test.afterAll(async () => {
  if (!disk) return;
  await home.remove();
  execFileSync("umount", ["-l", disk]);
  rmSync(disk, { recursive: true });
});

const backfill = async () => {
  const said = await home.fullcourt("backfill", "all", "--json");
  return { ...said, last: JSON.parse(said.out.trim().split("\n").at(-1) ?? "{}") };
};
/** Every (table, date) as it was or as it should be: no state that half a write would leave. */
const halves = async () => {
  const { dates } = JSON.parse((await home.fullcourt("coverage", "--json")).out);
  return dates.flatMap((date: { date: string; cells: Record<string, { states: string[] }> }) =>
    Object.entries(date.cells)
      .filter(([, cell]) => cell.states.some((state) => state === "partial" || state === "surplus"))
      .map(([table]) => `${table} ${date.date}`),
  );
};

test("a full disk fails a command with words, leaves whole partitions, and the same command goes on when there is room", async () => {
  for (const left of [0, 300_000, 2_000_000]) {
    const empty = fill(disk as string, left);
    const failed = await backfill();
    empty();
    expect(failed.code, failed.err).toBe(1);
    expect(failed.err + failed.out).toMatch(/disk is full|No space left on device/);
    expect(await halves()).toEqual([]);
  }
  expect((await backfill()).last.status).toBe("succeeded");
  expect((await home.fullcourt("verify", "--json")).code).toBe(0);
});

test("a server whose disk is full says so, lives on, and ends its run when there is room", async ({ request }) => {
  await home.serve();
  const plan = async () => {
    const asked = { start: "2021-11-02", end: "2021-11-30", only: "all" };
    return (await (await request.post(`${home.url}/api/plans`, { data: asked })).json()).planId as string;
  };
  const planId = await plan();
  const launched = await request.post(`${home.url}/api/backfills`, { data: { planId } });
  expect(launched.status()).toBe(202);
  const { id } = await launched.json();
  const empty = fill(disk as string, 500_000);
  // It meets the full disk at whatever point that is.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect((await request.get(`${home.url}/api/coverage`)).status()).toBe(200);
  empty();
  const detail = async () => (await request.get(`${home.url}/api/runs/${id}`)).text();
  await expect.poll(detail, { intervals: [1_000] }).toMatch(/No space left|Took over|Retrying/);
  const statusOf = async () => (await (await request.get(`${home.url}/api/runs/${id}`)).json()).run.status as string;
  await expect.poll(statusOf, { intervals: [1_000] }).toMatch(/succeeded|failed/);
  if ((await statusOf()) === "failed") {
    await request.post(`${home.url}/api/runs/${id}/resume`, { data: {} });
    await expect.poll(statusOf, { intervals: [1_000] }).toBe("succeeded");
  }
  await home.stop();
  expect((await home.fullcourt("verify", "--json")).code).toBe(0);
});

test("a home that may only be read is told with what to do", async () => {
  execFileSync("mount", ["-o", "remount,ro", disk as string]);
  try {
    const said = await home.fullcourt("coverage", "--json");
    expect(said.code).toBe(1);
    expect(JSON.parse(said.out).error.code).toBe("not_writable");
    const served = await home.fullcourt("serve");
    expect(served.code).toBe(1);
    expect(served.err).toContain("The disk may only be read");
  } finally {
    execFileSync("mount", ["-o", "remount,rw", disk as string]);
  }
});
