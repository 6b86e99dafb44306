// Carries out the Dockerfile's steps in plain folders, without Docker, starts what comes out as a
// user without rights, and asks the image's own health check. Plain Node without dependencies.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const NOBODY = 65_534;
const START_MS = 60_000;
const HOLD_MS = 500;

/** Instructions of a Dockerfile, continued lines joined. */
const instructions = readFileSync("Dockerfile", "utf8")
  .replace(/\\\n/g, " ")
  .split("\n")
  .map((line) => line.trim())
  .filter((line) => line && !line.startsWith("#"))
  .map((line) => /^(\S+)\s+(.*)$/.exec(line).slice(1, 3));

const root = mkdtempSync(path.join(tmpdir(), "fullcourt-image-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
const stages = new Map();
let stage;

/** The files that are in the build's context: those under version control. */
function context() {
  const folder = path.join(root, "context");
  const ignored = readFileSync(".dockerignore", "utf8").split("\n").filter(Boolean);
  for (const file of execFileSync("git", ["ls-files"], { encoding: "utf8" }).split("\n").filter(Boolean))
    if (!ignored.some((one) => file === one || file.startsWith(`${one}/`)))
      cpSync(file, path.join(folder, file), { recursive: true });
  return folder;
}

const within = (where) => path.join(stage.root, path.resolve(stage.workdir, where));

const steps = {
  FROM(text) {
    const name = / AS (\S+)$/i.exec(text)?.[1] ?? String(stages.size);
    stage = { name, root: path.join(root, name), workdir: "/", env: {}, user: undefined };
    stages.set(name, stage);
    mkdirSync(stage.root, { recursive: true });
  },
  WORKDIR(text) {
    stage.workdir = path.resolve(stage.workdir, text);
    mkdirSync(within("."), { recursive: true });
  },
  COPY(text) {
    const words = text.split(/\s+/);
    const from = words[0].startsWith("--from=") ? stages.get(words.shift().slice(7)).root : stage.context;
    const to = words.pop();
    for (const word of words) {
      const source = path.join(from, word);
      const isFolder = statSync(source).isDirectory();
      cpSync(source, isFolder ? within(to) : path.join(within(to), path.basename(word)), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
  },
  ENV(text) {
    for (const pair of text.split(/\s+/)) {
      const [name, value] = pair.split("=");
      // The image's own folder stands for its root.
      stage.env[name] = value.startsWith("/app") ? path.join(stage.root, value) : value;
    }
  },
  RUN(text) {
    const { status } = spawnSync("sh", ["-ec", text], {
      cwd: within("."),
      env: { ...process.env, ...stage.env },
      stdio: "inherit",
    });
    if (status !== 0) throw new Error(`RUN ${text} ended with ${status}`);
  },
  USER(text) {
    stage.user = text;
  },
  EXPOSE() {},
  HEALTHCHECK(text) {
    stage.health = JSON.parse(text.slice(text.indexOf("CMD") + 3));
  },
  CMD(text) {
    stage.command = JSON.parse(text);
  },
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });

async function main() {
  const files = context();
  for (const [name, text] of instructions) {
    console.log(`${name} ${text.slice(0, 100)}`);
    if (!steps[name]) throw new Error(`${name} is not known here`);
    if (name === "COPY") stage.context = files;
    steps[name](text);
  }
  if (!stage.user || stage.user === "root") throw new Error("the image runs as root");
  const { root: own, env: settings, command, health } = stage;
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  spawnSync("chmod", ["-R", "a+rX", root]);
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", ...settings, HOST: "127.0.0.1", PORT: await freePort() };
  const [program, ...args] = command;
  // At the address that it listens at by itself, others reach it: it must not start without sign-in.
  const open = spawnSync(program, args, {
    cwd: path.join(own, "app"),
    env: { ...env, HOST: settings.HOST },
    encoding: "utf8",
    timeout: START_MS,
    ...identity,
  });
  if (open.status !== 2 || !open.stderr.includes("FULLCOURT_AUTH_SECRET"))
    throw new Error(`without sign-in it ended with ${open.status}: ${open.stderr}`);
  const server = spawn(program, args, { cwd: path.join(own, "app"), env, stdio: "inherit", ...identity });
  try {
    const until = Date.now() + START_MS;
    const check = () => spawnSync(health[0], health.slice(1), { env, cwd: own, ...identity }).status === 0;
    while (!check()) {
      if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
      if (Date.now() > until) throw new Error("its health check does not pass");
      await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
    }
    const page = await fetch(`http://127.0.0.1:${env.PORT}/`);
    if (!page.ok || !(await page.text()).includes("Fullcourt")) throw new Error(`its page answers ${page.status}`);
    const size = execFileSync("du", ["-sm", path.join(own, "app")], { encoding: "utf8" }).split("\t")[0];
    console.log(`The image's steps work without Docker; it is healthy as a user without rights. ${size} MB.`);
  } finally {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill("SIGTERM");
    await ended;
  }
}

main().catch((error) => {
  console.error(String(error));
  process.exitCode = 1;
});
