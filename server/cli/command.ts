import type { Config } from "../config";
import type { Context, StateContext } from "../context";
import type { Io } from "./io";

/** Flags as given; those that are absent are undefined, but for the negative ones: true. */
export interface Values {
  json?: true;
  verbose?: true;
  startDate?: string;
  endDate?: string;
  date?: string;
  dates?: string[];
  tables?: string;
  layer?: string;
  only?: "missing" | "bad" | "outdated" | "all";
  plan?: string;
  dryRun?: true;
  resume?: boolean;
  status?: true;
  stopOnFailure?: true;
  skipPreflight?: true;
  skipDependencyCheck?: true;
  production?: true;
  queue?: true;
  upstream?: boolean;
  downstream?: boolean;
  clean?: true;
  replace?: true;
  verify?: true;
  into?: string;
  strict?: true;
  yes?: true;
  reason?: string;
  before?: string;
  by?: string;
  expires?: string;
  role?: string;
  service?: true;
  user?: string;
  scope?: string;
  sources?: true;
  days?: string;
  to?: "bigquery" | "duckdb";
  dbt?: string;
  from?: string;
  out?: string;
  pipeline?: string;
  force?: true;
  markdown?: true;
  save?: string;
  against?: string;
  timeout?: string;
}

/** What a command does with what it needs; gives the exit code: 0 done and good, 1 something failed or is not ready. */
export type Run<Needed> = (needed: Needed, words: string[], values: Values, io: Io) => Promise<number>;

/** For a command that is made of others: carries out a command line, each time where it can be, with what it needs open. */
export interface Commands {
  config: Config;
  run(argv: string[], io: Io): Promise<number>;
}

/** A command's own modules, loaded when it is carried out, and what must be open for it. */
export type Action =
  | { needs: "nothing"; load: () => Promise<Run<undefined>> }
  | { needs: "config"; load: () => Promise<Run<Config>> }
  | { needs: "commands"; load: () => Promise<Run<Commands>> }
  | { needs: "state"; load: () => Promise<Run<StateContext>> }
  | { needs: "warehouse"; load: () => Promise<Run<Context>> };

/** A command line that is understood and not carried out yet. */
export interface Invocation {
  name: string;
  action: Action;
  words: string[];
  values: Values;
}
