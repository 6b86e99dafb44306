import { Command, CommanderError, Option } from "commander";
import { FullcourtError } from "@/lib/errors";
import { isDate } from "@/lib/util/dates";
import type { Config } from "../config";
import type { Context, StateContext } from "../context";
import type { Action, Invocation, Run, Values } from "./command";
import type { Io } from "./io";

const date = (value: string): string => {
  if (isDate(value)) return value;
  throw new FullcourtError(
    "bad_date",
    `"${value}" is not a date.`,
    "Write dates as YYYY-MM-DD, for example 2021-11-15.",
  );
};

/** Dates by commas, once each and in order. */
const dates = (value: string): string[] => {
  const list = value
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);
  if (list.length === 0)
    throw new FullcourtError("bad_date", "--dates names no date.", "Write --dates 2021-11-15,2021-11-17.");
  return [...new Set(list.map(date))].sort();
};

const flag = (flags: string, description: string) => new Option(flags, description);
const BETWEEN = [
  flag("--start-date <date>", "first date").argParser(date),
  flag("--end-date <date>", "last date").argParser(date),
];
const RANGE = [
  ...BETWEEN,
  flag("--date <date>", "one date").argParser(date).conflicts(["startDate", "endDate", "dates"]),
  flag("--dates <dates>", "dates by commas").argParser(dates).conflicts(["startDate", "endDate"]),
];
const LAYER = flag("--layer <layer>", "tables of one layer");
const TABLES = flag("--tables <tables>", "tables by commas");
const DRY_RUN = flag("--dry-run", "says what it would do, and does nothing");
const CHECK = [...RANGE, TABLES, LAYER];
const BACKFILL = [
  ...RANGE,
  LAYER,
  flag(
    "--only <cells>",
    "missing: nothing there; bad: every defect; outdated: those and outdated rows; all: every cell",
  )
    .choices(["missing", "bad", "outdated", "all"])
    .default("bad"),
  flag("--plan <id>", "a plan that was shown, exactly"),
  DRY_RUN,
  flag("--no-resume", "starts a new run where one was interrupted"),
  flag("--status", "how far the last run of these tables is"),
  flag("--stop-on-failure", "starts no other task after one has failed"),
  flag("--skip-preflight", "runs although inputs are missing"),
  flag("--skip-dependency-check", "runs although inputs are old"),
  flag("--production", "holds the run to production's rules"),
  flag("--queue", "waits behind a run that covers some of its cells"),
  flag("--no-upstream", "leaves out what the tables need"),
  flag("--no-downstream", "leaves out what becomes stale"),
];
const ROLE = flag("--role <role>", "viewer, operator or admin");

interface Spec {
  /** With its words: "rows <table>". */
  usage: string;
  about: string;
  /** What it does; by its flags, where they change what must be open. */
  action: Action | ((values: Values) => Action);
  flags?: Option[];
  /** A pipeline may have further flags for it: they are among its words. */
  hasOwnFlags?: true;
  /** Commands under it; it lists by itself. */
  under?: Spec[];
}

const nothing = (load: () => Promise<Run<undefined>>): Action => ({ needs: "nothing", load });
const config = (load: () => Promise<Run<Config>>): Action => ({ needs: "config", load });
const state = (load: () => Promise<Run<StateContext>>): Action => ({ needs: "state", load });
const warehouse = (load: () => Promise<Run<Context>>): Action => ({ needs: "warehouse", load });

const access = () => import("./commands/access");
const backfill = () => import("./commands/backfill");
const checks = () => import("./commands/checks");
const data = () => import("./commands/data");
const invalidations = () => import("./commands/invalidations");
const gaps = () => import("./commands/gaps");
const runs = () => import("./commands/runs");

/** All commands, in the order of the help. */
const SPECS: Spec[] = [
  {
    usage: "demo",
    hasOwnFlags: true,
    about: "makes the demo, damaged unless --clean",
    flags: [
      flag("--clean", "without the damage"),
      flag("--replace", "in place of data of another origin, of which a copy is kept"),
      flag("--yes", "replaces without a question"),
      flag("--pipeline <id>", "of a built-in pipeline, where the home has none yet"),
    ],
    action: warehouse(async () => (await data()).demo),
  },
  {
    usage: "import <files...>",
    about: "loads raw data from CSV (gzipped or not) or Parquet, all or nothing",
    flags: [
      flag("--into <table>", "the raw table that the files belong to"),
      DRY_RUN,
      flag("--strict", "warnings are errors"),
    ],
    action: warehouse(async () => (await data()).importFrom),
  },
  {
    usage: "sync",
    about: "moves raw tables between the local warehouse and BigQuery: everything up, the last month down",
    flags: [flag("--to <warehouse>", "where to").choices(["bigquery", "duckdb"]).makeOptionMandatory(), ...BETWEEN],
    action: warehouse(async () => (await import("./commands/sync")).sync),
  },
  {
    usage: "coverage [tables...]",
    about: "the grid: rows, expected rows and state of every date and table",
    flags: [...CHECK, flag("--sources", "with what the tables' sources serve of each date")],
    action: warehouse(async () => (await checks()).coverage),
  },
  {
    usage: "plan <tables...>",
    about: "what a backfill would do, without doing it; prints the plan's id",
    flags: BACKFILL,
    action: warehouse(async () => (await backfill()).plan),
  },
  {
    usage: "backfill [tables...]",
    about: "builds what is not complete, with what it needs upstream and what becomes stale downstream",
    flags: BACKFILL,
    action: warehouse(async () => (await backfill()).backfill),
  },
  {
    usage: "preflight [tables...]",
    about: "is everything that the tables need ready?",
    flags: CHECK,
    action: warehouse(async () => (await checks()).preflight),
  },
  {
    usage: "freshness [tables...]",
    about: "dependency freshness of all inputs and dates, in one query",
    flags: CHECK,
    action: warehouse(async () => (await checks()).freshness),
  },
  {
    usage: "verify [tables...]",
    about: "range check: counts against expected, duplicates, what is corrupt, tainted or stale",
    flags: CHECK,
    action: warehouse(async () => (await checks()).verify),
  },
  {
    usage: "diff <table>",
    about: "recomputes dates with the table's model, without writing, and compares: 1 where something differs",
    flags: RANGE,
    action: warehouse(async () => (await checks()).diff),
  },
  {
    usage: "repair [tables...]",
    about: "deletes unexpected rows (corrupt, surplus, duplicates) after showing them",
    flags: [...CHECK, DRY_RUN, flag("--yes", "deletes without a question")],
    action: warehouse(async () => (await checks()).repair),
  },
  {
    usage: "rows <table>",
    about: "the rows of one date, ordered by grain",
    flags: [flag("--date <date>", "the date").argParser(date).makeOptionMandatory()],
    action: warehouse(async () => (await data()).rows),
  },
  {
    usage: "columns <table>",
    about: "NULL and zero shares and check results by column and date",
    flags: RANGE,
    action: warehouse(async () => (await data()).columns),
  },
  {
    usage: "wait <table>",
    about: "waits until a table may be read for a date: 0 when all that is due is there, 1 when the time is over",
    flags: [
      flag("--date <date>", "the date").argParser(date).makeOptionMandatory(),
      flag("--timeout <time>", "how long, such as 90s, 30m or 2h; 0 looks once").default("2h"),
    ],
    action: ({ timeout }) =>
      timeout === "0"
        ? warehouse(async () => (await checks()).ready)
        : { needs: "commands", load: async () => (await import("./commands/wait")).wait },
  },
  {
    usage: "gaps",
    about: "gaps that are known and not to be recovered: they leave counts and plans but stay visible",
    action: warehouse(async () => (await gaps()).list),
    under: [
      {
        usage: "accept <tables...>",
        about: "accepts the gaps of a range",
        flags: [
          ...RANGE,
          flag("--reason <text>", "why the rows cannot be recovered").makeOptionMandatory(),
          flag("--by <name>", "who accepts them; you, by default"),
          flag("--expires <date>", "until when").argParser(date),
        ],
        action: warehouse(async () => (await gaps()).accept),
      },
      {
        usage: "withdraw <id>",
        about: "counts accepted gaps again",
        action: warehouse(async () => (await gaps()).withdraw),
      },
    ],
  },
  {
    usage: "invalidate <table>",
    about: "calls rows that were written before a time outdated; what reads them follows",
    flags: [
      flag(
        "--before <time>",
        "the time of the fix: a date, or a time such as 2021-11-03T12:00:00Z",
      ).makeOptionMandatory(),
      ...BETWEEN,
      flag("--reason <text>", "what is wrong with the rows").makeOptionMandatory(),
      flag("--by <name>", "who says so; you, by default"),
    ],
    action: warehouse(async () => (await invalidations()).create),
  },
  {
    usage: "invalidations",
    about: "invalidations in force",
    action: warehouse(async () => (await invalidations()).list),
    under: [
      {
        usage: "withdraw <id>",
        about: "takes an invalidation back",
        action: warehouse(async () => (await invalidations()).withdraw),
      },
    ],
  },
  {
    usage: "runs",
    about: "past and running backfills",
    action: state(async () => (await runs()).list),
    under: [
      { usage: "show <id>", about: "one run with its tasks", action: state(async () => (await runs()).show) },
      { usage: "log <id>", about: "what a run has written to its log", action: state(async () => (await runs()).log) },
      { usage: "cancel <id>", about: "ends a run", action: warehouse(async () => (await backfill()).cancelRun) },
      {
        usage: "resume <id>",
        about: "resumes an interrupted run",
        action: warehouse(async () => (await backfill()).resumeRun),
      },
    ],
  },
  {
    usage: "timings [tables...]",
    about: "durations by table and date, trend, time left of running ones",
    flags: [TABLES, LAYER],
    action: warehouse(async () => (await import("./commands/timings")).timings),
  },
  {
    usage: "backup <folder>",
    about: "copies warehouse and state into a new folder, also while the server runs",
    flags: [flag("--verify", "checks a backup that is there: it is whole, as it was written, and opens")],
    action: ({ verify }) =>
      verify
        ? nothing(async () => (await import("./commands/backup")).verify)
        : warehouse(async () => (await import("./commands/backup")).backup),
  },
  {
    usage: "doctor",
    about: "is this installation set up right? Says what to do where it is not",
    action: warehouse(async () => (await import("./commands/doctor")).doctor),
  },
  {
    usage: "users",
    about: "who may sign in; passwords are made here and shown once",
    action: state(async () => (await access()).listUsers),
    under: [
      {
        usage: "add <email>",
        about: "adds a person, or a service by its name",
        flags: [ROLE, flag("--service", "a name for programs: it has tokens, and no way to sign in")],
        action: state(async () => (await access()).add),
      },
      {
        usage: "role <email>",
        about: "changes what a person may do",
        flags: [flag("--role <role>", "viewer, operator or admin").makeOptionMandatory()],
        action: state(async () => (await access()).setRole),
      },
      {
        usage: "password <email>",
        about: "makes a new password",
        action: state(async () => (await access()).setPassword),
      },
      {
        usage: "remove <email>",
        about: "removes a person, with sessions, tokens and password; they stay out until they are added again",
        action: state(async () => (await access()).remove),
      },
    ],
  },
  {
    usage: "tokens",
    about: "tokens for programs that use the API, with a scope and an end",
    action: state(async () => (await access()).tokens),
    under: [
      {
        usage: "create <name>",
        about: "makes a token and shows it once",
        flags: [
          flag("--user <email>", "whose it is; a service by its name").makeOptionMandatory(),
          flag("--scope <role>", "viewer, operator or admin").default("viewer"),
          flag("--days <n>", "how long it is valid").default("90"),
        ],
        action: state(async () => (await access()).createToken),
      },
      { usage: "revoke <id>", about: "ends a token", action: state(async () => (await access()).revokeToken) },
    ],
  },
  {
    usage: "audit",
    about: "the audit log, newest first",
    action: state(async () => (await access()).auditLog),
  },
  {
    usage: "init",
    about: "writes a commented fullcourt.config.ts",
    flags: [
      flag("--dbt <manifest>", "takes in the models of a dbt manifest"),
      flag("--from <address>", "proposes tables of duckdb:FILE, parquet:FOLDER, bigquery:PROJECT or postgres:URL"),
      flag("--tables <patterns>", "of these alone, by commas: marts.*"),
      flag("--out <file>", "where they are written; fullcourt.tables.ts"),
      flag("--dry-run", "says what would be written"),
      flag("--force", "replaces files that are there"),
    ],
    action: nothing(async () => (await import("./init")).initialize),
  },
  {
    usage: "tables",
    about: "the tables of this installation",
    flags: [flag("--markdown", "as the page docs/tables.md")],
    action: nothing(async () => {
      const pipeline = await (await import("../pipeline/load")).loadPipeline();
      return (await import("./tables")).listTables(pipeline);
    }),
  },
  {
    usage: "restore <folder>",
    about: "puts a backup into an empty home",
    flags: [flag("--force", "in place of what the home holds")],
    action: config(async () => (await import("./commands/backup")).restore),
  },
  {
    usage: "serve",
    about: "the dashboard",
    action: config(async () => (await import("./serve")).serve),
  },
  {
    usage: "mcp",
    about: "the dashboard's tools for assistants: Model Context Protocol on standard input and output",
    action: config(async () => (await import("./commands/mcp")).mcp),
  },
  {
    usage: "bench",
    about: "the benchmark: figures as ratios within one run, see docs/speed.md",
    flags: [
      flag("--save <file>", "keeps the figures"),
      flag("--against <file>", "warns of what got worse by over a fifth since a run that was kept"),
    ],
    action: nothing(async () => (await import("./bench")).bench),
  },
];

type Chosen = (command: Command, action: Spec["action"]) => void;

function add(
  parent: Command,
  { usage, about, action, flags = [], under = [], hasOwnFlags }: Spec,
  chosen: Chosen,
): void {
  const command = parent.command(usage, { isDefault: usage === "list" }).description(about);
  for (const option of flags) command.addOption(option);
  if (usage === "list") {
    // An unknown subcommand is reported with similar ones.
    command.allowExcessArguments().action(() => {
      if (command.args.length === 0) chosen(parent, action);
      else (parent as unknown as { unknownCommand(): never }).unknownCommand();
    });
  } else if (under.length === 0) {
    if (hasOwnFlags) command.allowUnknownOption().allowExcessArguments();
    command.action(() => chosen(command, action));
  } else for (const one of [{ usage: "list", about, action }, ...under]) add(command, one, chosen);
}

/** The command line as commander has it; writes its help to `io`, and tells which command was chosen. */
export function makeProgram(io: Pick<Io, "out" | "err">, chosen: Chosen): Command {
  const program = new Command("fullcourt")
    .description("Coverage, plans and backfills of a data pipeline.")
    .option("--json", "one JSON document on standard output")
    .option("--verbose", "more words on standard error")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: () => undefined })
    .helpCommand(false)
    .exitOverride()
    .addHelpText("after", "\nSettings are listed in .env.example.");
  for (const spec of SPECS) add(program, spec, chosen);
  program
    .command("help [words...]")
    .description("a command, a state of the grid or another word of the product")
    .action((words: string[], _values: object, command: Command) => {
      let asked: Command | undefined = program;
      for (const word of words) asked = asked?.commands.find((one) => one.name() === word);
      asked?.outputHelp();
      if (words.length === 0) return;
      const load = async () => (await import("./explain")).explainWord(asked !== undefined);
      chosen(command, nothing(load));
    });
  return program;
}

/** An error of commander as the contract has it. */
function wrongUsage({ code, message }: CommanderError): FullcourtError {
  const [text = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const words = code === "commander.help" ? "No command is given" : text.charAt(0).toUpperCase() + text.slice(1);
  return new FullcourtError(
    "wrong_usage",
    `${words}${/[.?!]$/.test(words) ? "" : "."}`,
    suggestion?.replace(/^\(|\)$/g, "") ?? "`fullcourt help` lists the commands, COMMAND --help its flags.",
  );
}

/** Reads a command line; undefined where its help was all that was asked for. */
export function parse(argv: readonly string[], io: Pick<Io, "out" | "err">): Invocation | undefined {
  if (argv.some((word) => word.includes("\0")))
    throw new FullcourtError("wrong_usage", "Arguments must not contain NUL bytes.", "Leave them out.");
  let found: Invocation | undefined;
  const program = makeProgram(io, (command, action) => {
    const names = [command, command.parent].filter((one) => one && one !== program).map((one) => one?.name());
    const values: Values = command.optsWithGlobals();
    const chosen = typeof action === "function" ? action(values) : action;
    found = { name: names.reverse().join(" "), action: chosen, words: command.args, values };
  });
  try {
    program.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw wrongUsage(error);
  }
  return found;
}
