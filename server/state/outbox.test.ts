import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Alert } from "@/lib/engine/alerts";
import { onBothEngines } from "@/tests/support/state";
import type { State } from "./db";
import { claimDue, closeIncident, listIncidents, openIncident, settle } from "./outbox";

const alert = (id: string): Alert => ({ event: "backup.failed", id, text: id, at: "now", tables: [] });

onBothEngines("the outbox", ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());
  beforeEach(async () => {
    await state.db.deleteFrom("alertsOutbox").execute();
    await state.db.deleteFrom("incidents").execute();
  });

  const opened = (key: string, cells: string[] = [], receivers = ["ann"]) =>
    openIncident(
      state.db,
      key,
      cells,
      (fresh) => alert(`${key} ${fresh.join()}`),
      () => receivers,
    );
  const ids = async () =>
    (await state.db.selectFrom("alertsOutbox").select("alert").orderBy("id").execute()).map((row) => row.alert);

  it("a row has one sender at a time, and another once its sender is silent", async () => {
    await opened("one");
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimDue(state.db)));
    const [row, ...rest] = claims.filter((one) => one !== undefined);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ receiver: "ann", tries: 1, content: { id: "one " } });
    await state.db.updateTable("alertsOutbox").set({ nextAt: "2021-01-01T00:00:00.000Z" }).execute();
    const again = await claimDue(state.db);
    expect(again).toMatchObject({ tries: 2 });
    // The first sender comes back late: what it says is not of this try.
    if (row) await settle(state.db, row, { againIn: -60 });
    expect(await claimDue(state.db)).toBeUndefined();
    if (again) await settle(state.db, again, { againIn: -60 });
    const third = await claimDue(state.db);
    expect(third).toMatchObject({ tries: 3 });
    if (third) await settle(state.db, third, "delivered");
    await state.db.updateTable("alertsOutbox").set({ nextAt: "2021-01-01T00:00:00.000Z" }).execute();
    expect(await claimDue(state.db)).toBeUndefined();
  });

  it("an incident that two processes find at once is told once", async () => {
    await Promise.all(Array.from({ length: 4 }, () => opened("data pgs", ["pgs 2021-11-16"])));
    expect(await ids()).toEqual(["data pgs pgs 2021-11-16"]);
    await opened("data pgs", ["pgs 2021-11-16", "pgs 2021-11-17"]);
    expect(await ids()).toHaveLength(2);
    const [incident] = await listIncidents(state.db);
    expect(incident?.content.cells).toEqual(["pgs 2021-11-16", "pgs 2021-11-17"]);
    const close = () =>
      closeIncident(
        state.db,
        "data pgs",
        ({ alert: { id } }) => alert(`over ${id}`),
        () => ["ann", "bob"],
      );
    await Promise.all([close(), close()]);
    expect(await listIncidents(state.db)).toEqual([]);
    expect((await ids()).slice(2)).toEqual(["over data pgs pgs 2021-11-17", "over data pgs pgs 2021-11-17"]);
  });

  it("an alert that cannot be added opens nothing", async () => {
    const broken = openIncident(
      state.db,
      "data pgs",
      [],
      () => alert("one"),
      () => {
        throw new Error("no route");
      },
    );
    await expect(broken).rejects.toThrow("no route");
    expect(await listIncidents(state.db)).toEqual([]);
  });
});
