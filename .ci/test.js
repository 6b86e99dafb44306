// `npm test`, `npm run test:soak`, `npm run test:integrations`, or several of them (.ci/run): installs
// what they need, runs them, and closes with one line "N passed, N failed".
// Plain Node without dependencies: it runs in a fresh clone, before anything is installed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline/promises";

const SLOWEST = 20;
/** What chooses a suite's tests, for Vitest and Playwright alike. */
const SUITES = { test: {}, soak: { SOAK: "1" }, integrations: { INTEGRATIONS: "1" } };
const counted = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said again at the end: hundreds of lines of output stand before it. */
const failures = [];
/** Seconds and name of every test. */
const durations = [];

/** This process's environment without settings of somebody's own installation. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(FULLCOURT_(?!TEST_)|BIGQUERY_|OIDC_)|^(DATABASE_URL|HOST|PORT|SOAK|INTEGRATIONS)$/.test(name),
  ),
);

function run(name, command, args, env = {}) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...environment, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  return status === 0;
}

/** A step that counts as one test. */
function step(name, command, args) {
  const began = performance.now();
  const ok = run(name, command, args);
  durations.push([(performance.now() - began) / 1000, name]);
  if (ok) counted.passed++;
  else fail(name);
  return ok;
}

/** A failure that no test's report counts. */
function fail(words) {
  counted.failed++;
  failures.push(words);
}

function skip(count, why) {
  console.log(`\nskipped: ${why}`);
  counted.skipped += count;
}

function end() {
  const { passed, failed, skipped } = counted;
  if (durations.length > 0) console.log(`\nThe ${SLOWEST} slowest:`);
  for (const [seconds, name] of durations.sort(([a], [b]) => b - a).slice(0, SLOWEST))
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
  for (const failure of failures) console.log(`\nfailed: ${failure}`);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exit(failed > 0 ? 1 : 0);
}

function report(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** The first lines of an error, without colours. */
function said(error) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  const plain = (error.message ?? String(error)).replace(/\u001b\[[0-9;]*m/g, "");
  return plain.split("\n").slice(0, 12).join("\n");
}

const here = (file) => file.replace(`${process.cwd()}/`, "");

/** Runs Vitest's tests of a suite. */
function vitest(suite) {
  const file = `test-results/${suite}-vitest.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const ok = run(`${suite}: vitest`, "npx", ["vitest", "run", ...reporters], SUITES[suite]);
  const found = report(file);
  if (!found || found.numTotalTests === 0) return fail(`${suite}: vitest ran no test`);
  counted.passed += found.numPassedTests;
  // A file that could not be loaded, or an error between tests, has no failed test of its own.
  counted.failed += Math.max(found.numFailedTests, ok ? 0 : 1);
  counted.skipped += found.numPendingTests;
  for (const { name, status, message, assertionResults } of found.testResults) {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && status === "failed") failures.push(`${here(name)}\n${said({ message })}`);
    for (const test of failed)
      failures.push(`${here(name)}: ${test.fullName}\n${test.failureMessages.map(said).join("\n")}`);
    for (const test of assertionResults)
      durations.push([(test.duration ?? 0) / 1000, `${here(name)}: ${test.fullName}`]);
  }
}

/** Playwright's tests, at any depth of its suites. */
function pageTests(suite) {
  const own = (suite.specs ?? []).flatMap((spec) =>
    spec.tests.map((test) => ({ ...test, name: `${spec.file}:${spec.line} [${test.projectName}] ${spec.title}` })),
  );
  return [...own, ...(suite.suites ?? []).flatMap(pageTests)];
}

/** Runs Playwright's tests of a suite, on the build. */
function playwright(suite) {
  const file = `test-results/${suite}-playwright.json`;
  const env = { ...SUITES[suite], PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  if (!hasChromium()) {
    const listed = spawnSync("npx", ["playwright", "test", "--list", "--reporter=json"], {
      env: { ...environment, ...env },
    });
    const tests = JSON.parse(readFileSync(file, "utf8") || String(listed.stdout)).suites.flatMap(pageTests);
    return skip(tests.length, `${tests.length} tests of pages: Debian's package chromium is absent (or set CHROMIUM)`);
  }
  const ok = run(`${suite}: playwright`, "npx", ["playwright", "test"], env);
  const found = report(file);
  if (!found || found.stats.expected + found.stats.unexpected === 0) return fail(`${suite}: playwright ran no test`);
  const { expected, flaky, unexpected, skipped } = found.stats;
  counted.passed += expected + flaky;
  counted.failed += Math.max(unexpected + (found.errors.length > 0 ? 1 : 0), ok ? 0 : 1);
  counted.skipped += skipped;
  failures.push(...found.errors.map(said));
  for (const { name, status, results } of found.suites.flatMap(pageTests)) {
    durations.push([results.reduce((sum, one) => sum + one.duration, 0) / 1000, name]);
    if (status === "unexpected") failures.push(`${name}\n${(results.at(-1)?.errors ?? []).map(said).join("\n")}`);
  }
}

const hasChromium = () => existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium");
const has = (command) => spawnSync(command, ["--version"]).status === 0;

/** The server is here: its client alone has the same folder. */
function hasPostgres() {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(`${folder}/${version}/bin/initdb`));
}

/** Debian's packages that tests need and that are not here. */
const missingPackages = () => [
  ...(hasChromium() ? [] : ["chromium"]),
  ...(hasPostgres() ? [] : ["postgresql"]),
  ...(has("python3") ? [] : ["python3"]),
];

/** Installs what is missing: at once as root, after a yes as another user; without a terminal it only names it. */
async function installPackages() {
  const packages = missingPackages();
  if (packages.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...packages];
  const line = isRoot ? install.join(" ") : `sudo ${install.join(" ")}`;
  console.log(`Missing of Debian's packages: ${packages.join(", ")}. To install them:\n  ${line}`);
  if (!has("apt-get")) return console.log("This is no Debian: what needs them is skipped.");
  if (!isRoot) {
    if (!process.stdin.isTTY) return console.log("What needs them is skipped.");
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await terminal.question("Run it now? Without them, what needs them is skipped. [y/N] ");
    terminal.close();
    if (!/^y(es)?$/i.test(answer.trim())) return;
  }
  const apt = (...args) => {
    const command = isRoot ? ["apt-get", ...args] : ["sudo", "apt-get", ...args];
    return run(`apt-get ${args[0]}`, command[0], command.slice(1), { DEBIAN_FRONTEND: "noninteractive" });
  };
  if (!apt("update") || !apt(...install.slice(1))) fail(`installing ${packages.join(", ")}`);
}

/** Packages are there and are those of the lock file. */
function isInstalled() {
  if (!existsSync("node_modules/.package-lock.json")) return false;
  try {
    execFileSync("npm", ["ls", "--depth=0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

let hasBuilt;
/** Builds the dashboard, once for all suites. */
function build() {
  hasBuilt ??= step("build", "npm", ["run", "--silent", "build"]);
  return hasBuilt;
}

const suites = {
  test() {
    step("check: types, biome, knip, dependency-cruiser", "npm", ["run", "--silent", "check"]);
    vitest("test");
    if (build()) playwright("test");
    if (has("terraform"))
      step("terraform: form of the files", "terraform", ["fmt", "-check", "-recursive", "deploy/terraform"]);
    else skip(1, "terraform is not here, so the form of deploy/terraform is not checked");
  },
  soak() {
    vitest("soak");
    if (build()) playwright("soak");
  },
  integrations() {
    vitest("integrations");
  },
};

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in suites));
if (unknown) {
  console.error(`${unknown}: there are the suites ${Object.keys(suites).join(", ")}.`);
  process.exit(2);
}
await installPackages();
if (!isInstalled() && !run("install packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])) {
  counted.failed++;
  end();
}
rmSync("test-results", { recursive: true, force: true });
mkdirSync("test-results", { recursive: true });
for (const name of asked.length > 0 ? asked : ["test"]) {
  const began = performance.now();
  suites[name]();
  const seconds = Math.round((performance.now() - began) / 1000);
  console.log(`\n== ${name}: ${Math.floor(seconds / 60)} min ${seconds % 60} s`);
}
end();
