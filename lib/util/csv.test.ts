import { expect, it } from "vitest";
import { toCsv } from "./csv";

it("quotes where it must; NULL is empty, an array is JSON, a boolean a word", () => {
  const rows = [
    { player: 'O"Neal, Shaq', points: 61, home: true, features: [1, 2.5] },
    { player: "two\nlines", points: null, home: false, features: null },
    { player: "a\rb", points: 0, home: null, features: null },
  ];
  expect(toCsv(rows, ["player", "points", "home", "features"])).toBe(
    'player,points,home,features\n"O""Neal, Shaq",61,true,"[1,2.5]"\n"two\nlines",,false,\n"a\rb",0,,\n',
  );
  expect(toCsv([], ["a", "b"])).toBe("a,b\n");
});

it("text that a spreadsheet would run gets an apostrophe, a number stays one, and a program's file is exact", () => {
  const texts = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1"];
  const rows = texts.map((text) => ({ text, number: -1.5 }));
  const read = (csv: string) => csv.replaceAll('"', "").split("\n").slice(1, -1);
  expect(read(toCsv(rows, ["text", "number"]))).toEqual(
    texts.map((text) => `${text === "x=1" ? "" : "'"}${text},-1.5`),
  );
  expect(read(toCsv(rows, ["text", "number"], { exact: true }))).toEqual(texts.map((text) => `${text},-1.5`));
});
