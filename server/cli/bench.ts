import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { programRoot } from "../pipeline/program";
import type { Run } from "./command";

/** Runs the checkout's benchmark, from the checkout: it is no part of the package. */
export const bench: Run<undefined> = async (_none, _words, { json, save, against }, io) => {
  const root = programRoot();
  const main = path.join(root, "bench/main.ts");
  if (!existsSync(main))
    throw new FullcourtError(
      "not_here",
      "The benchmark runs from a checkout, not from the package.",
      "See docs/speed.md.",
    );
  const file = (flag: string, name?: string) => (name ? [flag, path.resolve(io.cwd, name)] : []);
  const words = [...(json ? ["--json"] : []), ...file("--save", save), ...file("--against", against)];
  const child = spawn(process.execPath, ["--import", "tsx", main, ...words], { cwd: root, stdio: "inherit" });
  io.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  return ((await once(child, "exit"))[0] as number | null) ?? 1;
};
