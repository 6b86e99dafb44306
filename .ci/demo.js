// `npm run demo`: installs packages, builds, makes the demo season and serves the dashboard.
// Plain Node without dependencies: it runs in a fresh clone.
import { spawn, spawnSync } from "node:child_process";

function run(name, command, args) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

run("install packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
run("build the dashboard", "npm", ["run", "--silent", "build"]);
run("make the demo season", process.execPath, ["server/cli/bin.js", "demo"]);
console.log("\n== serve");
const server = spawn(process.execPath, ["server/cli/bin.js", "serve"], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
server.on("exit", (code) => process.exit(code ?? 0));
