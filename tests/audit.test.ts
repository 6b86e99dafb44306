import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { GET as listAudit } from "@/app/api/audit/route";
import { GET as getRows } from "@/app/api/rows/route";
import { audit, audited, auditedWork, tellCollectors } from "@/server/access/audit";
import { addUser, makeToken } from "@/server/access/people";
import { readConfig } from "@/server/config";
import type { Context } from "@/server/context";
import { runWithContext } from "@/server/platform/request-context";
import { addAcceptances, listAcceptances } from "@/server/state/acceptances";
import { listDeeds } from "@/server/state/audit";
import { memoryContext } from "./support/context";
import { onBothEngines } from "./support/state";

const ann = { name: "ann@example.com", role: "admin", via: "web" } as const;
const gap = (id: string) => ({
  ...{
    id,
    table: "pgs",
    cells: { "2021-11-16": 0 },
    reason: "lost",
    by: "ann",
    expires: null,
    accepts: "gap" as const,
  },
  createdAt: "2021-12-01T00:00:00.000Z",
});

onBothEngines("the audit log", ({ open }) => {
  it("has a deed and its record in one transaction: both, or neither", async () => {
    const state = await open();
    const context = { state };
    await runWithContext({ actor: ann, address: "192.0.2.1" }, () =>
      audited(context, "gaps.accept", ["one pgs"], (db) => addAcceptances(db, [gap("one")])),
    );
    expect(await listDeeds(state.db)).toMatchObject([
      { deed: "gaps.accept", subject: "one pgs", actor: ann.name, via: "web", tokenId: null, address: "192.0.2.1" },
    ]);
    const fails = audited(context, "gaps.accept", ["two pgs"], async (db) => {
      await addAcceptances(db, [gap("two")]);
      throw new Error("the power went");
    });
    await expect(fails).rejects.toThrow("the power went");
    expect(await listDeeds(state.db)).toHaveLength(1);
    // A record that cannot be written takes the deed back.
    await state.db.schema.dropTable("audit").execute();
    const unrecorded = audited(context, "gaps.accept", ["two pgs"], (db) => addAcceptances(db, [gap("two")]));
    await expect(unrecorded).rejects.toThrow();
    expect((await listAcceptances(state.db)).map(({ id }) => id)).toEqual(["one"]);
    await state.close();
  });
});

onBothEngines("the audit log of what changes the warehouse", ({ open }) => {
  it("has a record before it begins, and what came of it", async () => {
    const state = await open();
    const subjects = async () => (await listDeeds(state.db)).map(({ subject }) => subject);
    let during: string[] = [];
    const load = async () => {
      during = await subjects();
      return 2;
    };
    await auditedWork({ state }, "import", "games.csv", load, (rows) => `games.csv: ${rows} rows`);
    expect(during).toEqual(["begun: games.csv"]);
    const broken = () => Promise.reject(new Error("the file is cut off"));
    await expect(auditedWork({ state }, "import", "more.csv", broken, () => "")).rejects.toThrow("the file is cut off");
    expect(await subjects()).toEqual(["failed: more.csv", "begun: more.csv", "games.csv: 2 rows", "begun: games.csv"]);
    await state.close();
  });
});

describe("with sign-in", () => {
  const holder = globalThis as typeof globalThis & { fullcourt?: Promise<Context> | undefined };
  let context: Context;
  beforeAll(async () => {
    context = await memoryContext();
    Object.assign(context.config, readConfig({ FULLCOURT_AUTH_SECRET: "0123456789abcdef0123456789abcdef" }));
    holder.fullcourt = Promise.resolve(context);
  });
  afterAll(async () => {
    holder.fullcourt = undefined;
    await context.close();
  });

  it("refusals and downloads are recorded, with token and address, a refusal that is repeated once a minute", async () => {
    await addUser(context, ann.name, "admin");
    const token = await runWithContext({ actor: ann }, () =>
      makeToken(context, { email: ann.name, name: "cron", scope: "viewer", days: 1 }),
    );
    const headers = { authorization: `Bearer ${token.secret}`, "x-fullcourt-peer": "192.0.2.7" };
    const ask = (get: typeof getRows, path: string) =>
      get(new Request(`http://127.0.0.1:3000${path}`, { headers }), { params: Promise.resolve({}) });
    expect((await ask(listAudit, "/api/audit")).status).toBe(403);
    expect((await ask(listAudit, "/api/audit")).status).toBe(403);
    expect((await ask(getRows, "/api/rows?table=pgs&date=2021-11-16&format=csv")).status).toBe(200);
    expect((await ask(getRows, "/api/rows?table=pgs&date=2021-11-16")).status).toBe(200);
    const by = { actor: ann.name, via: "api", tokenId: token.id, address: "192.0.2.7" };
    expect((await listDeeds(context.state.db)).filter(({ via }) => via === "api")).toMatchObject([
      { ...by, deed: "download", subject: "pgs 2021-11-16 csv" },
      { ...by, deed: "refused", subject: "/api/audit, which needs admin" },
    ]);
  });

  it("a server tells each deed to collectors too, a line of JSON on standard error", async () => {
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await audit(context, "backup", "quiet");
      tellCollectors(true);
      await audit(context, "backup", "told");
      const lines = written.mock.calls.map(([line]) => String(line)).filter((line) => line.startsWith('{"audit"'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(/\n$/);
      expect(JSON.parse(lines[0] as string).audit).toMatchObject({ deed: "backup", subject: "told", actor: "server" });
    } finally {
      tellCollectors(false);
      written.mockRestore();
    }
  });
});
