import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * The folder of the running program, where its bundle (dist) and its package.json are. The command line says it
 * at its start and the dashboard, which is its child, hears it from there; a test runs in the folder itself.
 */
export const programRoot = (): string => process.env.FULLCOURT_PROGRAM ?? process.cwd();

/** A file of the bundle. */
export const bundled = (name: string): string => path.join(programRoot(), "dist", name);

/** The version of the running program: what it has compiled is compiled again by another. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(programRoot(), "package.json"), "utf8"));
  // Of a checkout every build is another program.
  const stamp = bundled("stamp");
  return existsSync(stamp) ? `${version} ${readFileSync(stamp, "utf8")}` : version;
}
