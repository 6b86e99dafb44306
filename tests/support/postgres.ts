import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const PACKAGES = "/usr/lib/postgresql";

/** The folder of Debian's PostgreSQL programs; undefined where the package is not installed. */
function programs(): string | undefined {
  if (!existsSync(PACKAGES)) return undefined;
  const folders = readdirSync(PACKAGES)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(PACKAGES, version, "bin"));
  // The client alone has the same folder.
  return folders.find((folder) => existsSync(path.join(folder, "initdb")));
}

/** Whether Debian's package is here; tests that need it are skipped without it. */
export const hasPostgres = programs() !== undefined;

/** A PostgreSQL server of its own in a folder that goes away, reached by a socket in it; it does not run as root. */
export class LocalPostgres {
  private constructor(private readonly folder: string) {}

  static async start(): Promise<LocalPostgres> {
    if (!programs()) throw new Error("PostgreSQL is not installed: apt-get install postgresql");
    // Not under a folder of root's own: the server's user must reach it.
    const folder = mkdtempSync("/tmp/fullcourt-postgres-");
    const server = new LocalPostgres(folder);
    const { uid, gid } = server.identity();
    if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
    server.run("initdb", "-D", server.data, "-U", "fullcourt", "--auth=trust", "-E", "UTF8", "--no-sync");
    server.up();
    server.run("createdb", "-h", folder, "-U", "fullcourt", "fullcourt");
    return server;
  }

  private get data(): string {
    return path.join(this.folder, "data");
  }

  /** The user of Debian's package, where this process is root. */
  private identity(): { uid?: number; gid?: number } {
    if (process.getuid?.() !== 0) return {};
    const number = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
    return { uid: number("-u"), gid: number("-g") };
  }

  private run(program: string, ...args: string[]): void {
    const { status, stderr } = spawnSync(path.join(programs() as string, program), args, {
      cwd: this.folder,
      encoding: "utf8",
      stdio: ["ignore", "ignore", program === "pg_ctl" ? "ignore" : "pipe"],
      ...this.identity(),
    });
    if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  }

  get url(): string {
    return `postgres://fullcourt@localhost/fullcourt?host=${this.folder}`;
  }

  /** A new, empty database on it; gives its address. */
  createDatabase(name: string): string {
    this.run("createdb", "-h", this.folder, "-U", "fullcourt", name);
    return this.url.replace("/fullcourt?", `/${name}?`);
  }

  up(): void {
    const options = `-p 5432 -h "" -k ${this.folder} -c fsync=off`;
    this.run("pg_ctl", "-D", this.data, "-o", options, "-l", path.join(this.folder, "log"), "-w", "start");
  }

  /** Stops it as a restart does: connections are cut. */
  down(): void {
    this.run("pg_ctl", "-D", this.data, "-m", "fast", "-w", "stop");
  }

  stop(): void {
    this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
