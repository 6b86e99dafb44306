import { expect, it } from "vitest";
import { memoryContext } from "../../tests/support/context";
import { checkUpload, loadUpload } from "./upload";

it("two files of one name are both loaded, and no path of the server is shown", async () => {
  const context = await memoryContext("2021-12-01");
  const header = "game_id,game_date,game_status,home_team_abbr,away_team_abbr\n";
  const games = (...ids: number[]) =>
    new File([header, ...ids.map((id) => `002210000${id},2021-11-15,3,BOS,XYZ\n`)], "games.csv");
  const { id, files, tables, warnings, preview } = await checkUpload(context, [games(1, 2), games(3)]);
  expect({ files, tables }).toEqual({ files: ["games.csv", "games.csv"], tables: { nbac_schedule: 3 } });
  expect(preview.nbac_schedule).toHaveLength(3);
  expect(warnings.join()).toContain(": games.csv:2: XYZ; games.csv:3: XYZ; games.csv:2: XYZ.");
  expect((await loadUpload(context, id, false)).written).toEqual({ nbac_schedule: 3 });
  const bad = new File(["a,b\n1,2\n"], `${"x".repeat(300)}/../${"y".repeat(300)}.csv`);
  await expect(checkUpload(context, [bad])).rejects.toThrow(/^y+\.csv: no raw table has these columns: a, b/);
  await context.close();
});
