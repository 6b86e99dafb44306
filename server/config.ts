import path from "node:path";
import { Cron } from "croner";
import { z } from "zod";
import { isDate } from "@/lib/dates";
import { FullcourtError } from "@/lib/errors";

/** A cron pattern, as schedules have it. */
const cronText = z.string().refine((pattern) => {
  try {
    new Cron(pattern, { paused: true }).stop();
    return true;
  } catch {
    return false;
  }
}, 'is no cron pattern, for example "0 6 * * *"');

const dateText = z.string().refine(isDate, "must be a date YYYY-MM-DD");

/** Settings of contract.md; every one has a default or is asked for by another. */
const settings = z.object({
  FULLCOURT_HOME: z.string().min(1).default("./.fullcourt"),
  FULLCOURT_WAREHOUSE: z.enum(["duckdb", "bigquery"]).default("duckdb"),
  BIGQUERY_PROJECT: z.string().optional(),
  BIGQUERY_LOCATION: z.string().optional(),
  BIGQUERY_DATASET_PREFIX: z.string().optional(),
  BIGQUERY_ENDPOINT: z.string().optional(),
  BIGQUERY_MAX_BYTES_BILLED: z.coerce.number().int().positive().optional(),
  BIGQUERY_MAX_BYTES_PER_RUN: z.coerce.number().int().positive().optional(),
  BIGQUERY_PRICE_PER_TIB: z.coerce.number().nonnegative().default(6.25),
  FULLCOURT_ALERT_WEBHOOK: z.url({ protocol: /^https?$/, message: "must be an http or https address" }).optional(),
  FULLCOURT_ALERT_SECRET: z.string().optional(),
  FULLCOURT_ALERT_FORMAT: z.enum(["json", "slack"]).default("json"),
  FULLCOURT_SCHEDULE_PHASE_3: cronText.optional(),
  FULLCOURT_SCHEDULE_PHASE_4: cronText.optional(),
  FULLCOURT_RESUME: z.enum(["auto", "ask"]).default("auto"),
  FULLCOURT_READ_ONLY: z.enum(["true", "false"]).default("false"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  FULLCOURT_TODAY: dateText.optional(),
});

export interface Config {
  home: string;
  warehouse: "duckdb" | "bigquery";
  warehouseFile: string;
  stateFolder: string;
  databaseUrl: string | undefined;
  host: string;
  port: number;
  bigqueryProject: string | undefined;
  bigqueryLocation: string | undefined;
  /** Before every dataset's name. */
  bigqueryPrefix: string | undefined;
  /** Another address of the API. */
  bigqueryEndpoint: string | undefined;
  /** Most bytes that one statement may bill. */
  bigqueryMaxBytes: number | undefined;
  /** Most bytes that the tasks of one run may read together. */
  bigqueryMaxRunBytes: number | undefined;
  /** What reading 2^40 bytes costs, in US dollars. */
  bigqueryPricePerTib: number;
  /** Where failed and blocked runs are told, with which secret it is signed, and in which form. */
  alertWebhook: string | undefined;
  alertSecret: string | undefined;
  alertFormat: "json" | "slack";
  /** When the server runs the fresh dates of each phase by itself: cron patterns, in US Eastern. */
  schedulePhase3: string | undefined;
  schedulePhase4: string | undefined;
  /** What a server does at its start with runs that were cut off: goes on, or waits for a person. */
  resume: "auto" | "ask";
  /** Nothing is written to the warehouse: its tables are another program's. */
  readOnly: boolean;
  /** A date that stands for today, or undefined for the clock's. */
  today: string | undefined;
}

/** Reads and checks the settings; a wrong one is an error that names it. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new FullcourtError(
      "bad_setting",
      `${issue?.path.join(".")}: ${issue?.message}`,
      "Settings are listed in .env.example.",
    );
  }
  const values = parsed.data;
  if (values.FULLCOURT_WAREHOUSE === "bigquery" && !values.BIGQUERY_PROJECT)
    throw new FullcourtError(
      "bad_setting",
      "BIGQUERY_PROJECT: must name the project when FULLCOURT_WAREHOUSE is bigquery.",
      "Settings are listed in .env.example.",
    );
  const home = path.resolve(values.FULLCOURT_HOME);
  return {
    home,
    warehouse: values.FULLCOURT_WAREHOUSE,
    warehouseFile: path.join(home, "warehouse.duckdb"),
    stateFolder: path.join(home, "state"),
    databaseUrl: values.DATABASE_URL,
    host: values.HOST,
    port: values.PORT,
    bigqueryProject: values.BIGQUERY_PROJECT,
    bigqueryLocation: values.BIGQUERY_LOCATION,
    bigqueryPrefix: values.BIGQUERY_DATASET_PREFIX,
    bigqueryEndpoint: values.BIGQUERY_ENDPOINT,
    bigqueryMaxBytes: values.BIGQUERY_MAX_BYTES_BILLED,
    bigqueryMaxRunBytes: values.BIGQUERY_MAX_BYTES_PER_RUN,
    bigqueryPricePerTib: values.BIGQUERY_PRICE_PER_TIB,
    alertWebhook: values.FULLCOURT_ALERT_WEBHOOK,
    alertSecret: values.FULLCOURT_ALERT_SECRET,
    alertFormat: values.FULLCOURT_ALERT_FORMAT,
    schedulePhase3: values.FULLCOURT_SCHEDULE_PHASE_3,
    schedulePhase4: values.FULLCOURT_SCHEDULE_PHASE_4,
    resume: values.FULLCOURT_RESUME,
    readOnly: values.FULLCOURT_READ_ONLY === "true",
    today: values.FULLCOURT_TODAY,
  };
}

/** Today in US Eastern, the dates' own time zone; FULLCOURT_TODAY stands for it. */
export function todayOf(config: Pick<Config, "today">): string {
  return config.today ?? new Intl.DateTimeFormat("en-CA", { timeZone: "America/New_York" }).format(new Date());
}
