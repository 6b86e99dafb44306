// Puts Next's standalone output into dist/dashboard. Its traced packages go under another folder name, since npm
// drops a nested node_modules from a package; NODE_PATH names it when the dashboard starts.
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
const from = path.join(root, ".next", "standalone");
const to = path.join(root, "dist", "dashboard");
/** What Next's server itself needs; everything else is in the build or is the program's own dependency. */
const TRACED = ["@next", "@swc", "client-only", "next", "react", "react-dom", "styled-jsx"];

const part = `${to}.${process.pid}`;
for (const name of ["server.cjs", "peer.cjs"]) cpSync(path.join(import.meta.dirname, name), path.join(part, name));
cpSync(path.join(from, ".next"), path.join(part, ".next"), { recursive: true });
cpSync(path.join(root, ".next", "static"), path.join(part, ".next", "static"), { recursive: true });
cpSync(path.join(root, "public"), path.join(part, "public"), { recursive: true });
for (const name of TRACED) {
  const folder = path.join(from, "node_modules", name);
  if (existsSync(folder)) cpSync(folder, path.join(part, "modules", name), { recursive: true });
}
// Where it was built is nobody's business.
const files = path.join(part, ".next", "required-server-files.json");
writeFileSync(files, readFileSync(files, "utf8").replaceAll(root, "."));
rmSync(to, { recursive: true, force: true });
renameSync(part, to);
