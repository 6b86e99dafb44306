// `npm test`: installs what the tests need, runs them all, and closes with "N passed, N failed".
// Plain Node without dependencies: it runs in a fresh clone, before anything is installed.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";

const counted = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said again at the end: hundreds of lines of output stand before it. */
const failures = [];

function run(name, command, args, env = {}) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: "inherit",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  return status === 0;
}

/** A step that counts as one test. */
function step(name, command, args) {
  const ok = run(name, command, args);
  counted[ok ? "passed" : "failed"]++;
  if (!ok) failures.push(name);
  return ok;
}

function end() {
  const { passed, failed, skipped } = counted;
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

/** Vitest's failed tests, and files that could not be loaded. */
function failedUnits(report) {
  return report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0 && file.status === "failed") return [`${file.name}\n${said(file)}`];
    return failed.map((test) => `${file.name}: ${test.fullName}\n${test.failureMessages.map(said).join("\n")}`);
  });
}

/** Playwright's failed tests, at any depth of its suites. */
function failedPages(suite) {
  const here = (suite.specs ?? []).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === "unexpected")
      .map((test) => {
        const errors = test.results.at(-1)?.errors ?? [];
        return `${spec.file}:${spec.line} [${test.projectName}] ${spec.title}\n${errors.map(said).join("\n")}`;
      }),
  );
  return [...here, ...(suite.suites ?? []).flatMap(failedPages)];
}

/** Debian's packages that tests need and that are not here. */
function missingPackages() {
  return [
    ...(existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium") ? [] : ["chromium"]),
    ...(hasPostgres() ? [] : ["postgresql"]),
    ...(spawnSync("python3", ["--version"]).status === 0 ? [] : ["python3"]),
  ];
}

/** The server is here: its client alone has the same folder. */
function hasPostgres() {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(`${folder}/${version}/bin/initdb`));
}

function installPackages() {
  const packages = missingPackages();
  if (packages.length === 0) return true;
  const root = process.getuid?.() === 0;
  const apt = (args) =>
    run(`apt-get ${args[0]}`, root ? "apt-get" : "sudo", root ? args : ["apt-get", ...args], {
      DEBIAN_FRONTEND: "noninteractive",
    });
  return apt(["update"]) && apt(["install", "-y", "--no-install-recommends", ...packages]);
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

if (!isInstalled() && !run("install packages", "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])) {
  counted.failed++;
  end();
}
if (!installPackages()) {
  console.error(
    "Chromium, PostgreSQL or Python cannot be installed. Install Debian's packages chromium, postgresql and python3, or set CHROMIUM to a Chromium of yours.",
  );
  counted.failed++;
  end();
}
rmSync("test-results", { recursive: true, force: true });
mkdirSync("test-results", { recursive: true });

step("check: types, biome, knip, dependency-cruiser", "npm", ["run", "--silent", "check"]);

run("vitest", "npx", [
  "vitest",
  "run",
  "--reporter=default",
  "--reporter=json",
  "--outputFile.json=test-results/unit.json",
]);
const unit = report("test-results/unit.json");
if (!unit || unit.numTotalTests === 0) counted.failed++;
else {
  counted.passed += unit.numPassedTests;
  // A file that could not be loaded has no failed test of its own.
  counted.failed += Math.max(unit.numFailedTests, unit.success ? 0 : 1);
  counted.skipped += unit.numPendingTests;
  failures.push(...failedUnits(unit));
}

if (step("build", "npm", ["run", "--silent", "build"])) {
  run("playwright", "npx", ["playwright", "test"], { CI: "true" });
  const e2e = report("test-results/e2e.json");
  if (!e2e || e2e.stats.expected + e2e.stats.unexpected === 0) counted.failed++;
  else {
    counted.passed += e2e.stats.expected + e2e.stats.flaky;
    counted.failed += e2e.stats.unexpected + (e2e.errors.length > 0 ? 1 : 0);
    counted.skipped += e2e.stats.skipped;
    failures.push(...e2e.errors.map(said), ...e2e.suites.flatMap(failedPages));
  }
}
if (spawnSync("terraform", ["-version"]).status === 0)
  step("terraform: form of the files", "terraform", ["fmt", "-check", "-recursive", "deploy/terraform"]);
else {
  console.log("\nskipped: terraform is not here, so the form of deploy/terraform is not checked");
  counted.skipped++;
}
step("image: the Dockerfile's steps without Docker", "node", [".ci/image.js"]);
end();
