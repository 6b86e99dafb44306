// `npm run demo`: installs what running and building need, builds the dashboard while the demo season is made, and serves
// it. What is there already is not done again. Flags go to the season: `npm run demo -- --replace`.
// Plain Node without dependencies: it runs in a fresh clone, and says kindly what is in its way.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statfsSync, statSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";

const NODE = [20, 19];
const FREE_GB = 2;
/** Exit code of a command that refuses what it was asked for. */
const WRONG_USE = 2;
const began = Date.now();
const home = process.env.FULLCOURT_HOME || ".fullcourt";
const seconds = (since) => `${Math.round((Date.now() - since) / 1000)} s`;

/** Programs of steps under way. */
const running = new Set();

function stop(what, next, code = 1) {
  for (const child of running) child.kill();
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

/** Steps under way by name, with their starts: a terminal sees their time pass. */
const underWay = new Map();

function show() {
  const steps = [...underWay].map(([name, start]) => `${name}  ${seconds(start)}`);
  process.stdout.write(`\r\x1b[K${steps.length > 0 ? `== ${steps.join("   ")}` : ""}`);
}

/** Runs a step's programs in turn; their output is shown where one fails. */
async function step(name, ...programs) {
  const start = Date.now();
  const isTerminal = process.stdout.isTTY;
  if (!isTerminal) console.log(`== ${name}`);
  underWay.set(name, start);
  const tick = isTerminal && setInterval(show, 250);
  for (const program of programs) await runProgram(name, program);
  clearInterval(tick);
  underWay.delete(name);
  console.log(`${isTerminal ? "\r\x1b[K" : ""}== ${name}: done in ${seconds(start)}`);
}

async function runProgram(name, [command, ...args]) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  running.add(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text) => {
      said += text;
    });
  const code = await new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (status, signal) => resolve(signal ? 130 : status));
  });
  running.delete(child);
  if (code === 0) return;
  const last = said.trim().split("\n").slice(-25).join("\n");
  // It says itself what is in its way, and what to do.
  if (code === WRONG_USE) stop(last, "To keep it and look at it: npm run serve", WRONG_USE);
  console.error(`\n${last}`);
  if (args[0] === "ci" && OFFLINE.test(said))
    stop(
      `${name}: npm cannot reach its registry.`,
      "Is there a network? Behind a proxy: npm config set proxy URL; with a mirror: npm config set registry URL",
    );
  stop(
    `${name} did not work (exit code ${code}); the last lines are above.`,
    "Nothing is half done: run `npm run demo` again.",
  );
}

/** What npm writes last, of the packages that it has installed. */
const INSTALLED = "node_modules/.package-lock.json";

/** True where what running and building need is installed as the lock file has it, whatever else is. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const { packages: wanted } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const { packages: there } = JSON.parse(readFileSync(INSTALLED, "utf8"));
  const { dependencies, devDependencies } = wanted[""];
  return (
    Object.keys({ ...dependencies, ...devDependencies }).every((name) => there[`node_modules/${name}`]) &&
    Object.entries(there).every(([name, { version }]) => wanted[name] && wanted[name].version === version)
  );
}

/** Installs without the packages of the workspace `tests`, which only tests and checks need. */
async function install() {
  if (isInstalled()) return;
  const flags = ["--workspaces=false", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await step("install packages", ["npm", "ci", ...flags]);
}

const SOURCES = ["app", "components", "lib", "server", "scripts", "public"];
const SETTINGS = [
  "instrumentation.ts",
  "proxy.ts",
  "next.config.js",
  "postcss.config.js",
  "tsconfig.json",
  "package.json",
];
const BUILT = "dist/dashboard/.next/BUILD_ID";

/** True where no source is newer than the build. */
function isBuilt() {
  if (!existsSync(BUILT)) return false;
  const built = statSync(BUILT).mtimeMs;
  const files = SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((one) => path.join(one.parentPath, one.name)),
  );
  return [...files, ...SETTINGS, INSTALLED].every((file) => statSync(file).mtimeMs <= built);
}

async function build() {
  if (isBuilt()) return;
  const node = process.execPath;
  const start = new Date();
  await step("build the dashboard", [node, "node_modules/next/dist/bin/next", "build"], [node, "scripts/dashboard.js"]);
  // What was edited meanwhile is newer.
  utimesSync(BUILT, start, start);
}

/** Makes the season with the flags that were given. Data of another origin is told and stays, unless --replace is among them, which asks. */
async function makeSeason() {
  const flags = process.argv.slice(2);
  const demo = ["server/cli/bin.js", "demo", ...flags];
  if (!flags.includes("--replace")) return step("make the demo season", [process.execPath, ...demo]);
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
await install();
// --replace asks: nothing else is said meanwhile.
const asks = process.argv.includes("--replace");
if (asks) await makeSeason();
await Promise.all([build(), asks || makeSeason()]);
await serve(port);
