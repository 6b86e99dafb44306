import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { FullcourtError } from "@/lib/errors";
import { needsKey } from "../access/key";
import { assertAuthConfigured } from "../access/set-up";
import type { Config } from "../config";
import { bundled } from "../pipeline/program";
import { holderOf, homeInUse } from "../platform/home";
import { onAbort } from "../platform/on-abort";
import type { Run } from "./command";

/** Serves the dashboard until it is stopped; the built pages must be there. */
export const serve: Run<Config> = async (config, _words, _values, io) => {
  const dashboard = bundled("dashboard");
  if (!existsSync(path.join(dashboard, "server.cjs"))) {
    throw new FullcourtError(
      "not_built",
      "The dashboard is not built yet.",
      "Run `npm run build` in the repository's root, then again.",
    );
  }
  assertAuthConfigured(config);
  const holder = holderOf(config.home);
  if (holder) throw homeInUse(config.home, holder);
  // The server itself makes the key, and prints the address with it.
  if (!needsKey(config)) io.err(`Fullcourt is at http://${config.host}:${config.port}\n`);
  const child = spawn(process.execPath, [path.join(dashboard, "server.cjs")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      ...process.env,
      NODE_PATH: path.join(dashboard, "modules"),
      NODE_ENV: "production",
      NEXT_MANUAL_SIG_HANDLE: "true",
      HOST: config.host,
      PORT: String(config.port),
      NEXT_TELEMETRY_DISABLED: "1",
    },
  });
  onAbort(io.signal, () => child.kill("SIGTERM"));
  return new Promise((resolve) =>
    child.on("exit", (code, signal) => resolve(signal || io.signal.aborted ? 0 : (code ?? 1))),
  );
};
