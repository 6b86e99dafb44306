// `npm run demo`: installs packages, builds, makes the demo season and serves the dashboard. Flags go to the season:
// `npm run demo -- --replace`.
// Plain Node without dependencies: it runs in a fresh clone, and says kindly what is in its way.
import { spawn } from "node:child_process";
import { readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

const NODE = [20, 19];
const FREE_GB = 2;
/** Exit code of a command that refuses what it was asked for. */
const WRONG_USE = 2;
const began = Date.now();
const home = process.env.FULLCOURT_HOME || ".fullcourt";
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

function stop(what, next, code = 1) {
  console.error(`\n${what}\n${next}`);
  process.exit(code);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE[0] || (major === NODE[0] && minor >= NODE[1])) return;
  stop(
    `Node ${process.versions.node} is too old: Fullcourt needs ${NODE.join(".")} or later.`,
    "Install it from https://nodejs.org, or with `nvm install 22`, then run `npm run demo` again.",
  );
}

function checkDisk() {
  const { bavail, bsize } = statfsSync(".");
  const free = (bavail * bsize) / 2 ** 30;
  if (free >= FREE_GB) return;
  stop(
    `The disk has ${free.toFixed(1)} GB left here: packages, build and demo season need ${FREE_GB} GB.`,
    "Make room, or clone to another disk.",
  );
}

/** A dashboard that serves this home already: the demo would take its data away. Others are told of when the season is made. */
async function checkHome() {
  let holder;
  try {
    holder = JSON.parse(readFileSync(path.join(home, "lock.json"), "utf8"));
    if (!(await fetch(`${holder.url}/api/live`)).ok) return;
  } catch {
    return;
  }
  stop(
    `${home} is in use: a dashboard (PID ${holder.pid}) answers at ${holder.url}.`,
    "Look at it there, or stop it, or choose another folder: FULLCOURT_HOME=/tmp/fullcourt npm run demo",
  );
}

const isFree = (port, host) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });

/** The port that was asked for, or the next one that is free. */
async function choosePort() {
  const host = process.env.HOST ?? "127.0.0.1";
  const wanted = Number(process.env.PORT ?? 3000);
  for (let port = wanted; port < wanted + 50; port++) {
    if (!(await isFree(port, host))) continue;
    if (port !== wanted) console.log(`Port ${wanted} is taken: the dashboard will be at ${port}.`);
    return port;
  }
  return stop(`No port from ${wanted} to ${wanted + 49} is free.`, "Choose another: PORT=4000 npm run demo");
}

/** What npm says when it cannot reach its registry. */
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/;

/** Runs one step; its output is shown where it fails. A terminal sees the time pass. */
async function step(name, command, args) {
  const start = Date.now();
  const isTerminal = process.stdout.isTTY;
  if (!isTerminal) console.log(`== ${name}`);
  const tick = isTerminal && setInterval(() => process.stdout.write(`\r== ${name}  ${seconds(start)}`), 250);
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  const code = await new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (status, signal) => resolve(signal ? 130 : status));
  });
  clearInterval(tick);
  if (code === 0) return console.log(`${isTerminal ? "\r" : ""}== ${name}: done in ${seconds(start)}`);
  const last = said.trim().split("\n").slice(-25).join("\n");
  // It says itself what is in its way, and what to do.
  if (code === WRONG_USE) stop(last, "To keep it and look at it: npm run serve", WRONG_USE);
  console.error(`\n${last}`);
  if (args[0] === "ci" && OFFLINE.test(said))
    stop(
      `${name}: npm cannot reach its registry.`,
      "Is there a network? Behind a proxy: npm config set proxy URL; with a mirror: npm config set registry URL",
    );
  return stop(
    `${name} did not work (exit code ${code}); the last lines are above.`,
    "Nothing is half done: run `npm run demo` again.",
  );
}

/** Makes the season with the flags that were given. Data of another origin is told and stays, unless --replace is among them, which asks. */
async function makeSeason() {
  const flags = process.argv.slice(2);
  const demo = ["server/cli/bin.js", "demo", ...flags];
  if (!flags.includes("--replace")) return step("make the demo season", process.execPath, demo);
  const child = spawn(process.execPath, demo, { stdio: "inherit" });
  const code = await new Promise((resolve) => child.on("exit", (status) => resolve(status ?? 1)));
  if (code !== 0) process.exit(code);
}

/** Serves until it is ended; says where as soon as the first page is there. */
async function serve(port) {
  const env = { ...process.env, PORT: String(port) };
  const server = spawn(process.execPath, ["server/cli/bin.js", "serve"], { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => server.kill(signal));
  server.on("exit", (code) => process.exit(code ?? 0));
  const host = process.env.HOST ?? "127.0.0.1";
  const url = `http://${host}:${port}`;
  for (;;) {
    const isThere = await fetch(url).then(
      (answer) => answer.ok || answer.status === 401,
      () => false,
    );
    if (isThere) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  // Where the server asks for its key, its address carries it.
  const key = process.env.FULLCOURT_KEY === "on" ? `/?key=${readFileSync(path.join(home, "key"), "utf8").trim()}` : "";
  console.log(`\nThe demo season is at ${url}${key}, ${seconds(began)} after you asked for it. Ctrl C ends it.`);
}

checkNode();
checkDisk();
await checkHome();
const port = await choosePort();
await step("install packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
await step("build the dashboard", "npm", ["run", "--silent", "build"]);
await makeSeason();
await serve(port);
