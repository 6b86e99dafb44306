import { expect, it } from "vitest";
import { onBothEngines } from "@/tests/support/state";
import { addInvalidation, listInvalidations, removeInvalidation } from "./invalidations";
import { recordModelVersions } from "./model-versions";

onBothEngines("invalidations", ({ open }) => {
  it("are kept, listed oldest first, and taken back once", async () => {
    const { db, close } = await open();
    const one = {
      ...{ id: "one", table: "pgs", before: "2021-11-20T00:00:00.000Z", start: "2021-11-01", end: null },
      ...{ reason: "a wrong join", by: "ann", createdAt: "2021-12-02T00:00:00.000Z" },
    };
    await addInvalidation(db, one);
    await addInvalidation(db, { ...one, id: "two", start: null, createdAt: "2021-12-01T00:00:00.000Z" });
    expect(await listInvalidations(db)).toEqual([
      { ...one, id: "two", start: null, createdAt: "2021-12-01T00:00:00.000Z" },
      one,
    ]);
    await removeInvalidation(db, "one");
    expect((await listInvalidations(db)).map(({ id }) => id)).toEqual(["two"]);
    await expect(removeInvalidation(db, "one")).rejects.toThrow('There is no invalidation "one".');
    await close();
  });

  it("versions of models have a time from the second one on, also where an old one returns", async () => {
    const { db, close } = await open();
    const at = (day: number) => `2021-12-0${day}T00:00:00.000Z`;
    const record = async (version: string, day: number) =>
      Object.fromEntries(await recordModelVersions(db, new Map([["pgs", version]]), at(day)));
    expect(await record("1:a", 1)).toEqual({});
    expect(await record("1:a", 2)).toEqual({});
    expect(await record("1:b", 3)).toEqual({ pgs: at(3) });
    expect(await record("1:b", 4)).toEqual({ pgs: at(3) });
    expect(await record("1:a", 5)).toEqual({ pgs: at(5) });
    await close();
  });
});
