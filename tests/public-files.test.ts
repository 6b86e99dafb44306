import { readdirSync, readFileSync } from "node:fs";
import { unstable_doesMiddlewareMatch as doesProxyMatch } from "next/experimental/testing/server";
import { describe, expect, it } from "vitest";
import { config } from "@/proxy";

const files = readdirSync("public");
const isGuarded = (url: string) => doesProxyMatch({ config, url });

describe("files of public/", () => {
  it("are served without a session, and nothing else is", () => {
    expect(files.filter((name) => isGuarded(`/${name}`))).toEqual([]);
    for (const path of ["/", "/access", "/sign-in", "/icon.svg/access", "/social.pngx", "/x/icon.svg", "/settings"])
      expect(isGuarded(path), path).toBe(true);
  });

  it("are the ones that the manifest names, in the sizes it gives", () => {
    const { icons } = JSON.parse(readFileSync("public/manifest.webmanifest", "utf8"));
    for (const { src, sizes } of icons as Array<{ src: string; sizes: string }>) {
      const bytes = readFileSync(`public${src}`);
      if (sizes !== "any") expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`).toBe(sizes);
    }
  });
});
