import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cookiePrefix, keyCookie } from "@/server/access/key";

it("an image is built without files of secrets, and is asked whether it lives, not whether it is ready", () => {
  const ignored = readFileSync(".dockerignore", "utf8").split("\n");
  expect(ignored).toEqual(expect.arrayContaining([".env", ".env.*", ".fullcourt"]));
  const dockerfile = readFileSync("Dockerfile", "utf8");
  expect(dockerfile).toMatch(/HEALTHCHECK[^\n]*\\\n[^\n]*\/api\/live/);
  // One base for all stages, which may be named by its digest; others stand on those.
  const bases = [...dockerfile.matchAll(/^FROM (\S+) AS (\S+)/gm)];
  const stages = bases.map(([, , stage]) => stage);
  expect(bases.map(([, base]) => base).filter((base) => !stages.includes(base))).toEqual([
    expect.stringMatching(/^\$\{NODE_IMAGE\}$/),
    expect.stringMatching(/^\$\{NODE_IMAGE\}$/),
  ]);
  const run = readFileSync("deploy/terraform/run.tf", "utf8");
  expect(run).toMatch(/startup_probe[^}]*\/api\/ready/);
  expect(run).toMatch(/liveness_probe[^}]*\/api\/live/);
});

it("what runs in production has no tools of the build, and a list of what is in it can be made", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const names = Object.entries(packages).flatMap(([where, { dev, devOptional }]) =>
    dev || devOptional ? [] : [where.split("node_modules/").at(-1)],
  );
  expect(names).toContain("@duckdb/node-api");
  const tools = /^(vite|vitest|next|react|typescript|drizzle-kit|tailwindcss|@playwright\/test|knip|tsx|better-auth)$/;
  expect(names.filter((name) => tools.test(name ?? ""))).toEqual([]);
  const list = JSON.parse(execFileSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8", maxBuffer: 64 << 20 }));
  expect(list).toMatchObject({ bomFormat: "CycloneDX" });
  const listed = (list.components as Array<{ name: string }>).map(({ name }) => name);
  expect(listed).toEqual(expect.arrayContaining(["next", "better-auth", "pino"]));
});

it("two installations on one host have cookies of their own names", () => {
  const urls = ["http://127.0.0.1:3000", "http://127.0.0.1:3001", "https://fullcourt.example.com"];
  expect(new Set(urls.map((url) => cookiePrefix({ url }))).size).toBe(3);
  expect(keyCookie({ home: "/a" })).not.toBe(keyCookie({ home: "/b" }));
});
