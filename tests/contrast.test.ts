import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** The tokens of the style sheet: light and dark value of each, as 6 hexadecimal digits. */
const TOKENS = new Map(
  [
    ...readFileSync("app/globals.css", "utf8").matchAll(
      /--color-([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));/g,
    ),
  ].map(([, name = "", light = "", dark = "", both]) => [name, { light: both ?? light, dark: both ?? dark }] as const),
);
const SCHEMES = ["light", "dark"] as const;

/** Relative luminance by WCAG 2. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(name: string, on: string, scheme: (typeof SCHEMES)[number]): number {
  const [a, b] = [name, on].map((token) => {
    const values = TOKENS.get(token);
    if (!values) throw new Error(`app/globals.css has no --color-${token}.`);
    return luminance(values[scheme]);
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const FAMILIES = ["complete", "absent", "wrong", "many", "downstream", "waiting", "running"];
/** Text, which takes 4.5, and what it stands on. */
const TEXTS: Array<[name: string, on: string]> = [
  ...["ink", "ink-2", "soft", "link"].flatMap((name) =>
    ["page", "panel", "raised"].map((on): [string, string] => [name, on]),
  ),
  ["on-accent", "accent"],
  ["ink", "accent-tint"],
  ["link", "accent-tint"],
  ["soft", "accent-tint"],
  ...FAMILIES.flatMap(
    (family): Array<[string, string]> => [
      [`${family}-ink`, `${family}-tint`],
      [`${family}-ink`, "panel"],
      [`${family}-ink`, "page"],
    ],
  ),
  // White on what is solid.
  ["on-accent", "wrong"],
  ["on-accent", "many"],
];
/** Forms, which take 3. Amber in the light is less on purpose: sign, ink and count always stand beside it. */
const FORMS = FAMILIES.flatMap((family) =>
  SCHEMES.filter((scheme) => family !== "downstream" || scheme === "dark").map((scheme) => [family, scheme] as const),
);

describe("the contrast of colors", () => {
  it("is at least 4.5 of every text on what it stands on, in both schemes", () => {
    const low = SCHEMES.flatMap((scheme) =>
      TEXTS.map(([name, on]) => ({ name: `${name} on ${on}, ${scheme}`, ratio: contrast(name, on, scheme) })),
    ).filter(({ ratio }) => ratio < 4.5);
    expect(low).toEqual([]);
  });

  it("is at least 3 of every state's solid color on the page", () => {
    const low = FORMS.map(([name, scheme]) => ({ name, scheme, ratio: contrast(name, "page", scheme) })).filter(
      ({ ratio }) => ratio < 3,
    );
    expect(low).toEqual([]);
  });

  it("is computed as WCAG has it", () => {
    expect(luminance("#ffffff")).toBeCloseTo(1);
    expect(luminance("#000000")).toBe(0);
    expect(luminance("#777777")).toBeCloseTo(0.1845, 3);
  });
});
