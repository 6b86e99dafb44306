import path from "node:path";
import { Cron } from "croner";
import { z } from "zod";
import { ROLES, type Role } from "@/lib/access";
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

/** Words by commas, in small letters. */
const listText = z
  .string()
  .default("")
  .transform((text) =>
    text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
  );

const address = z.url({ protocol: /^https?$/, message: "must be an http or https address" });

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
  FULLCOURT_ALERT_WEBHOOK: address.optional(),
  FULLCOURT_ALERT_SECRET: z.string().optional(),
  FULLCOURT_ALERT_FORMAT: z.enum(["json", "slack"]).default("json"),
  FULLCOURT_ALERT_EMAIL: listText,
  FULLCOURT_ALERT_FROM: z.string().default("fullcourt@localhost"),
  FULLCOURT_SMTP_URL: z.url({ protocol: /^smtps?$/, message: "must be an smtp or smtps address" }).optional(),
  FULLCOURT_ALERT_GAP_DAYS: z.coerce.number().int().positive().optional(),
  FULLCOURT_ALERT_SLOWDOWN: z.coerce.number().gt(1, "must be more than 1: so many times the usual").optional(),
  FULLCOURT_SCHEDULE_PHASE_3: cronText.optional(),
  FULLCOURT_SCHEDULE_PHASE_4: cronText.optional(),
  FULLCOURT_RESUME: z.enum(["auto", "ask"]).default("auto"),
  FULLCOURT_READ_ONLY: z.enum(["true", "false"]).default("false"),
  FULLCOURT_AUTH_SECRET: z
    .string()
    .min(32, "must have 32 characters or more, for example from `openssl rand -hex 32`")
    .optional(),
  FULLCOURT_URL: address.optional(),
  FULLCOURT_ADMINS: listText,
  OIDC_ISSUER: address.optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_NAME: z.string().default("single sign-on"),
  OIDC_DOMAINS: listText,
  OIDC_ROLE: z.enum(ROLES).default("viewer"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres://")
    .optional(),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  FULLCOURT_TODAY: dateText.optional(),
});

/** A provider of OpenID Connect by which people sign in. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** What its button says. */
  name: string;
  /** Whoever has an address there is added at the first sign-in, with this role; others are added by hand. */
  domains: string[];
  role: Role;
}

/** How people sign in. */
export interface AuthSettings {
  /** Signs cookies. */
  secret: string;
  /** The dashboard's address, as people's browsers have it. */
  url: string;
  /** Addresses that are always administrators. */
  admins: string[];
  oidc: OidcSettings | null;
}

export interface Config {
  home: string;
  warehouse: "duckdb" | "bigquery";
  warehouseFile: string;
  stateFolder: string;
  databaseUrl: string | undefined;
  /** Null: nobody signs in, and the server listens to its own machine only. */
  auth: AuthSettings | null;
  /** The dashboard's address as people's browsers have it, where it is not HOST and PORT. */
  publicUrl: string | undefined;
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
  /** Who hears of it by letter, over which server. */
  alertEmail: string[];
  alertFrom: string;
  smtpUrl: string | undefined;
  /** Gaps so many days old are told, and tasks that took so many times what they do. */
  alertGapDays: number | undefined;
  alertSlowdown: number | undefined;
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

const wrong = (message: string) => new FullcourtError("bad_setting", message, "Settings are listed in .env.example.");

/** Sign-in as the settings have it: on where there is a secret. */
function readAuth(values: z.output<typeof settings>): AuthSettings | null {
  const { FULLCOURT_AUTH_SECRET: secret, OIDC_ISSUER: issuer } = values;
  const given = [issuer, values.OIDC_CLIENT_ID, values.OIDC_CLIENT_SECRET];
  if (given.some(Boolean) && !given.every(Boolean))
    throw wrong("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: all three are needed for sign-in by a provider.");
  if (!secret) {
    if (issuer || values.FULLCOURT_ADMINS.length > 0)
      throw wrong("FULLCOURT_AUTH_SECRET: must be set when OIDC_ISSUER or FULLCOURT_ADMINS is.");
    return null;
  }
  return {
    secret,
    url: (values.FULLCOURT_URL ?? `http://${values.HOST}:${values.PORT}`).replace(/\/+$/, ""),
    admins: values.FULLCOURT_ADMINS,
    oidc: issuer
      ? {
          issuer,
          clientId: values.OIDC_CLIENT_ID as string,
          clientSecret: values.OIDC_CLIENT_SECRET as string,
          name: values.OIDC_NAME,
          domains: values.OIDC_DOMAINS,
          role: values.OIDC_ROLE,
        }
      : null,
  };
}

/** Reads and checks the settings; a wrong one is an error that names it. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrong(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const values = parsed.data;
  if (values.FULLCOURT_WAREHOUSE === "bigquery" && !values.BIGQUERY_PROJECT)
    throw wrong("BIGQUERY_PROJECT: must name the project when FULLCOURT_WAREHOUSE is bigquery.");
  if (values.FULLCOURT_ALERT_EMAIL.length > 0 && !values.FULLCOURT_SMTP_URL)
    throw wrong("FULLCOURT_SMTP_URL: must name the mail server when FULLCOURT_ALERT_EMAIL is set.");
  const home = path.resolve(values.FULLCOURT_HOME);
  return {
    home,
    warehouse: values.FULLCOURT_WAREHOUSE,
    warehouseFile: path.join(home, "warehouse.duckdb"),
    stateFolder: path.join(home, "state"),
    databaseUrl: values.DATABASE_URL,
    auth: readAuth(values),
    publicUrl: values.FULLCOURT_URL,
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
    alertEmail: values.FULLCOURT_ALERT_EMAIL,
    alertFrom: values.FULLCOURT_ALERT_FROM,
    smtpUrl: values.FULLCOURT_SMTP_URL,
    alertGapDays: values.FULLCOURT_ALERT_GAP_DAYS,
    alertSlowdown: values.FULLCOURT_ALERT_SLOWDOWN,
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
