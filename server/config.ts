import type { BlockList } from "node:net";
import path from "node:path";
import { z } from "zod";
import { ROLES } from "@/lib/access/roles";
import type { AlertRoute } from "@/lib/engine/alerts";
import { FullcourtError } from "@/lib/errors";
import { isCron } from "@/lib/util/cron";
import { isDate } from "@/lib/util/dates";
import { readRanges } from "./access/peer";
import { formatAddress, isExternal, parseAddress, type WarehouseAddress } from "./warehouse/address";

/** A cron pattern, as schedules have it. */
const cronText = z.string().refine(isCron, 'is no cron pattern, for example "0 6 * * *"');

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

/** Names by commas, which may have blanks in them, in small letters. */
const namesText = z
  .string()
  .default("")
  .transform((text) =>
    text
      .toLowerCase()
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  );

/** A number of hops, or addresses and ranges by commas. */
const proxiesText = z
  .string()
  .default("0")
  .transform((text, context): number | BlockList => {
    if (/^\d$/.test(text.trim())) return Number(text);
    try {
      return readRanges(text.split(/[\s,]+/).filter(Boolean));
    } catch {
      context.addIssue("must be a number of hops up to 9, or addresses and ranges such as 10.0.0.0/8");
      return z.NEVER;
    }
  });

const address = z
  .url({ protocol: /^https?$/, message: "must be an http or https address" })
  // fetch refuses those, and says them in its error.
  .refine((text) => !/^https?:\/\/[^/?#]*@/i.test(text), "must hold no name and password");

/** "data=mailto:ann@example.com;ml=https://example.com/hook": the recipients for each owner's tables. */
const routesText = z
  .string()
  .default("")
  .transform((text, context): AlertRoute[] =>
    text
      .split(/[;\n]/)
      .map((part) => part.trim())
      .filter(Boolean)
      .flatMap((part): AlertRoute[] => {
        const [, owner = "", to = ""] = /^([^=\s]+)\s*=\s*(\S+)$/.exec(part) ?? [];
        if (/^mailto:[^@\s,]+@[^@\s,]+(,[^@\s,]+@[^@\s,]+)*$/.test(to))
          return [{ owner, receiver: { kind: "email", to: to.slice("mailto:".length).split(",") } }];
        if (/^https?:\/\//.test(to) && URL.canParse(to)) return [{ owner, receiver: { kind: "webhook", url: to } }];
        // Not the part itself: it may hold a secret.
        context.addIssue({
          code: "custom",
          message: `the route ${owner ? `of "${owner}"` : "without an owner"} must be OWNER=mailto:ADDRESS or OWNER=https://...; routes are parted by ";"`,
        });
        return [];
      }),
  );

/** Where the tables are; paths are relative to the working folder. */
const addressText = z.string().transform((text, context): WarehouseAddress => {
  try {
    return parseAddress(text, process.cwd());
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});

/** A size as "512MB" or "1.5GB", in bytes. Less than DuckDB can work with is refused. */
const sizeText = z
  .string()
  .regex(/^\d+(\.\d+)? ?[MG]B$/i, 'must be a size such as "512MB" or "1GB"')
  .transform((text) => Number.parseFloat(text) * (/G/i.test(text) ? 1e9 : 1e6))
  .refine((bytes) => bytes >= 64e6, "must be 64MB or more");

/** A setting: its name in the environment, what it must be, and its description for the Settings page. */
const setting = <T extends z.ZodType>(name: string, type: T, description: string) => ({
  name,
  type,
  description,
  isSecret: false,
});
/** A setting whose value is never shown: it is a secret, or can contain one. */
const secret = <T extends z.ZodType>(name: string, type: T, description: string) => ({
  ...setting(name, type, description),
  isSecret: true,
});
const text = z.string();
const number = z.coerce.number();
const positive = number.int().positive();
const hours = number.min(0.1, "must be 0.1 or more: hours").max(8_784, "must be at most 8784: hours of a year");

/** Every setting has a default or is asked for by another; .env.example lists them. */
const SETTINGS = {
  home: setting(
    "FULLCOURT_HOME",
    text.default("./.fullcourt").transform((folder) => path.resolve(folder)),
    "Folder for all data of an installation: warehouse file, state, lock.",
  ),
  warehouse: setting(
    "FULLCOURT_WAREHOUSE",
    addressText.optional(),
    "Where the tables are: duckdb, duckdb:FILE, parquet:FOLDER, postgres:URL, bigquery or bigquery:PROJECT.",
  ),
  copyLimit: setting(
    "FULLCOURT_WAREHOUSE_COPY_LIMIT",
    sizeText.optional(),
    "Largest DuckDB file of another program that is copied to be read. A larger one is opened for each look.",
  ),
  memory: setting(
    "FULLCOURT_MEMORY",
    sizeText.optional(),
    "Memory limit of the embedded engine. Larger queries spill to disk.",
  ),
  bigqueryProject: setting("BIGQUERY_PROJECT", text.optional(), "Project that runs and pays for queries."),
  bigqueryLocation: setting("BIGQUERY_LOCATION", text.optional(), "Location of the datasets, for example US."),
  bigqueryPrefix: setting("BIGQUERY_DATASET_PREFIX", text.optional(), "Text before the name of each dataset."),
  bigqueryEndpoint: setting("BIGQUERY_ENDPOINT", text.optional(), "Another address of the BigQuery API."),
  bigqueryMaxBytes: setting(
    "BIGQUERY_MAX_BYTES_BILLED",
    positive.optional(),
    "Maximum bytes that one statement may bill.",
  ),
  bigqueryMaxRunBytes: setting(
    "BIGQUERY_MAX_BYTES_PER_RUN",
    positive.optional(),
    "Maximum bytes that all tasks of a run may read.",
  ),
  bigqueryPricePerTib: setting(
    "BIGQUERY_PRICE_PER_TIB",
    number.nonnegative().default(6.25),
    "Price of reading one TiB, in US dollars.",
  ),
  confirmCells: setting(
    "FULLCOURT_CONFIRM_CELLS",
    number.int().nonnegative().default(2_000),
    "A backfill of more cells asks for confirmation.",
  ),
  confirmDollars: setting(
    "FULLCOURT_CONFIRM_DOLLARS",
    number.nonnegative().default(10),
    "A backfill that costs more US dollars asks for confirmation.",
  ),
  alertWebhook: secret("FULLCOURT_ALERT_WEBHOOK", address.optional(), "Address that receives alerts."),
  alertSecret: secret("FULLCOURT_ALERT_SECRET", text.optional(), "Secret that signs the alerts sent to the webhook."),
  alertSecretOld: secret(
    "FULLCOURT_ALERT_SECRET_OLD",
    text.optional(),
    "Previous secret: alerts have both signatures while receivers change to the new one.",
  ),
  alertFormat: setting(
    "FULLCOURT_ALERT_FORMAT",
    z.enum(["json", "slack"]).default("json"),
    "Format of the webhook's body: json or slack.",
  ),
  alertEmail: setting("FULLCOURT_ALERT_EMAIL", listText, "Email addresses that receive alerts, separated by commas."),
  alertFrom: setting("FULLCOURT_ALERT_FROM", text.default("fullcourt@localhost"), "Sender of alert emails."),
  smtpUrl: secret(
    "FULLCOURT_SMTP_URL",
    z.url({ protocol: /^smtps?$/, message: "must be an smtp or smtps address" }).optional(),
    "Mail server for alert emails.",
  ),
  alertRoutes: secret("FULLCOURT_ALERT_ROUTES", routesText, "Recipients of alerts by table owner."),
  alertGapDays: setting(
    "FULLCOURT_ALERT_GAP_DAYS",
    positive.optional(),
    "Also send an alert for gaps that are this many days old.",
  ),
  alertSlowdown: setting(
    "FULLCOURT_ALERT_SLOWDOWN",
    number.gt(1, "must be more than 1: so many times the usual").optional(),
    "Also send an alert for tasks that took this many times their usual duration.",
  ),
  heartbeatUrl: secret(
    "FULLCOURT_HEARTBEAT_URL",
    address.optional(),
    "Address that receives a GET every 4 minutes while the server is healthy.",
  ),
  backupSchedule: setting(
    "FULLCOURT_BACKUP_SCHEDULE",
    cronText.optional(),
    "When the server backs up warehouse and state: a cron pattern, in UTC.",
  ),
  backupFolder: setting(
    "FULLCOURT_BACKUP_FOLDER",
    text.transform((folder) => path.resolve(folder)).optional(),
    "Folder of the backups.",
  ),
  backupKeep: setting("FULLCOURT_BACKUP_KEEP", positive.default(7), "Number of backups to keep."),
  resume: setting(
    "FULLCOURT_RESUME",
    z.enum(["auto", "ask"]).default("auto"),
    "Interrupted runs at the server's start: auto resumes them, ask waits for a person.",
  ),
  runHours: setting(
    "FULLCOURT_RUN_HOURS",
    number.positive().max(500).default(24),
    "Maximum hours of a run. After that it is stopped and fails.",
  ),
  readOnly: setting(
    "FULLCOURT_READ_ONLY",
    z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
    "true: never write to the warehouse, because another program owns its tables.",
  ),
  authSecret: secret(
    "FULLCOURT_AUTH_SECRET",
    text.min(32, "must have 32 characters or more, for example from `openssl rand -hex 32`").optional(),
    "Turns sign-in on, and signs sessions. 32 characters or more.",
  ),
  trustedProxies: setting(
    "FULLCOURT_TRUSTED_PROXIES",
    proxiesText,
    "Proxies in front of the server: their number, or their addresses and ranges.",
  ),
  auditLines: setting(
    "FULLCOURT_AUDIT_LINES",
    z.enum(["on", "off"]).default("on"),
    "on: audit events are also written to standard error, one line of JSON each.",
  ),
  key: setting(
    "FULLCOURT_KEY",
    z.enum(["on", "off"]).default("off"),
    "on: without sign-in, every request needs the key that the server prints at its start.",
  ),
  authSecretOld: secret(
    "FULLCOURT_AUTH_SECRET_OLD",
    text.min(32, "must have 32 characters or more").optional(),
    "Previous secret: its sessions stay valid.",
  ),
  passwords: setting(
    "FULLCOURT_PASSWORDS",
    z.stringbool({ truthy: ["on"], falsy: ["off"] }).default(true),
    "off: people sign in only with the OpenID Connect provider.",
  ),
  sessionHours: setting("FULLCOURT_SESSION_HOURS", hours.default(168), "Maximum lifetime of a session, in hours."),
  sessionIdleHours: setting(
    "FULLCOURT_SESSION_IDLE_HOURS",
    hours.optional(),
    "Hours without use after which a session ends.",
  ),
  publicUrl: setting("FULLCOURT_URL", address.optional(), "Address of the dashboard in people's browsers."),
  token: secret("FULLCOURT_TOKEN", text.optional(), "API token of `fullcourt mcp`; the dashboard does not use it."),
  admins: setting("FULLCOURT_ADMINS", listText, "Email addresses that are always administrators."),
  oidcIssuer: setting("OIDC_ISSUER", address.optional(), "Address of the OpenID Connect provider."),
  oidcClientId: setting("OIDC_CLIENT_ID", text.optional(), "Client id at the provider."),
  oidcClientSecret: secret("OIDC_CLIENT_SECRET", text.optional(), "Client secret at the provider."),
  oidcName: setting("OIDC_NAME", text.default("single sign-on"), "Name of the provider on the sign-in button."),
  oidcDomains: setting("OIDC_DOMAINS", listText, "Email domains whose people are added at their first sign-in."),
  oidcRole: setting(
    "OIDC_ROLE",
    z.enum(ROLES).default("viewer"),
    "Role of people who are added at their first sign-in.",
  ),
  oidcTrustEmail: setting(
    "OIDC_TRUST_EMAIL",
    z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false),
    "true: trust addresses of a provider that never sends email_verified.",
  ),
  oidcGroupsClaim: setting("OIDC_GROUPS_CLAIM", text.default("groups"), "Claim that contains the groups of a person."),
  oidcAdminGroups: setting(
    "OIDC_ADMIN_GROUPS",
    namesText,
    "Groups whose people are administrators, separated by commas.",
  ),
  oidcOperatorGroups: setting(
    "OIDC_OPERATOR_GROUPS",
    namesText,
    "Groups whose people are operators, separated by commas.",
  ),
  oidcViewerGroups: setting("OIDC_VIEWER_GROUPS", namesText, "Groups whose people are viewers, separated by commas."),
  databaseUrl: secret(
    "DATABASE_URL",
    text.regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional(),
    "Postgres for runs, plans, people and logs. Without it, a SQLite file in the home.",
  ),
  host: setting("HOST", text.default("127.0.0.1"), "Address that the server listens on."),
  port: setting("PORT", number.int().min(1).max(65535).default(3000), "Port that the server listens on."),
  keepRunsDays: setting("FULLCOURT_KEEP_RUNS_DAYS", positive.default(180), "Days to keep runs with their logs."),
  keepPlansDays: setting(
    "FULLCOURT_KEEP_PLANS_DAYS",
    positive.default(2),
    "Days to keep plans that were not launched.",
  ),
  keepAuditDays: setting("FULLCOURT_KEEP_AUDIT_DAYS", positive.default(731), "Days to keep the audit log."),
  keepHistoryDays: setting(
    "FULLCOURT_KEEP_HISTORY_DAYS",
    positive.default(180),
    "Days to keep the state history of cells.",
  ),
  today: setting(
    "FULLCOURT_TODAY",
    text.refine(isDate, "must be a date YYYY-MM-DD").optional(),
    "A fixed date to use as today, for demos and tests.",
  ),
};
type Settings = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]["type"]> };

export type AuthSettings = NonNullable<ReturnType<typeof readAuth>>;
export type OidcSettings = NonNullable<AuthSettings["oidc"]>;

export type Config = Omit<Settings, "warehouse"> & {
  /** Of the environment; where that names none, of the configuration, once it is loaded: see withWarehouse. */
  warehouse: WarehouseAddress;
  isWarehouseSet: boolean;
  /** FULLCOURT_SCHEDULE_...: patterns, or "off", by the setting's name. The pipeline says which there are. */
  schedules: Record<string, string>;
  warehouseFile: string;
  stateFile: string;
  /** How people sign in; null: nobody does, and the server listens to its own machine only. */
  auth: AuthSettings | null;
};

const wrong = (message: string) => new FullcourtError("bad_setting", message, "Settings are listed in .env.example.");

/** Sign-in as the settings have it: on where there is a secret. */
function readAuth(values: Settings) {
  const { authSecret: secret, oidcIssuer: issuer, oidcClientId: clientId, oidcClientSecret: clientSecret } = values;
  const given = [issuer, clientId, clientSecret];
  if (given.some(Boolean) && !given.every(Boolean))
    throw wrong("OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET: all three are needed for sign-in by a provider.");
  const { oidcAdminGroups: admin, oidcOperatorGroups: operator, oidcViewerGroups: viewer } = values;
  const groups = [admin, operator, viewer].some((list) => list.length > 0) ? { admin, operator, viewer } : null;
  if (groups && !issuer)
    throw wrong("OIDC_ADMIN_GROUPS, OIDC_OPERATOR_GROUPS and OIDC_VIEWER_GROUPS: OIDC_ISSUER must name the provider.");
  if (!values.passwords && !issuer)
    throw wrong("FULLCOURT_PASSWORDS: off needs a provider to sign in by, OIDC_ISSUER: nobody could otherwise.");
  const idle = values.sessionIdleHours ?? Math.min(24, values.sessionHours);
  if (idle > values.sessionHours) throw wrong("FULLCOURT_SESSION_IDLE_HOURS: must be at most FULLCOURT_SESSION_HOURS.");
  if (!secret) {
    if (issuer || values.admins.length > 0 || values.authSecretOld)
      throw wrong(
        "FULLCOURT_AUTH_SECRET: must be set when OIDC_ISSUER, FULLCOURT_ADMINS or FULLCOURT_AUTH_SECRET_OLD is.",
      );
    return null;
  }
  const { oidcName: name, oidcDomains: domains, oidcRole: role, oidcTrustEmail: trustEmail, admins } = values;
  const known = { name, domains, role, trustEmail, groups, groupsClaim: values.oidcGroupsClaim };
  return {
    secret,
    oldSecret: values.authSecretOld,
    passwords: values.passwords,
    session: { longestSeconds: Math.round(values.sessionHours * 3600), idleSeconds: Math.round(idle * 3600) },
    url: (values.publicUrl ?? `http://${values.host}:${values.port}`).replace(/\/+$/, ""),
    admins,
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret, ...known } : null,
  };
}

const SCHEDULE = /^FULLCOURT_SCHEDULE_\w/;

/** Settings of schedules, whose names are the pipeline's: schedulesOf checks them. */
function readSchedules(env: Record<string, string | undefined>): Record<string, string> {
  const set = Object.entries(env).flatMap(([name, pattern]) =>
    SCHEDULE.test(name) && pattern ? [[name, pattern]] : [],
  );
  for (const [name = "", pattern = ""] of set)
    if (pattern !== "off" && !isCron(pattern))
      throw wrong(`${name}: is no cron pattern, for example "0 6 * * *", and not "off".`);
  return Object.fromEntries(set);
}

/** Reads and checks the settings; a wrong one is an error that names it. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([key, { name, type }]) => {
      const { data, error } = type.safeParse(env[name] || undefined);
      if (error) throw wrong(`${name}: ${error.issues[0]?.message}`);
      return [key, data];
    }),
  ) as Settings;
  if (values.backupSchedule && !values.backupFolder)
    throw wrong("FULLCOURT_BACKUP_FOLDER: must name a folder when FULLCOURT_BACKUP_SCHEDULE is set.");
  if (values.alertEmail.length > 0 && !values.smtpUrl)
    throw wrong("FULLCOURT_SMTP_URL: must name the mail server when FULLCOURT_ALERT_EMAIL is set.");
  if (values.alertRoutes.some(({ receiver }) => receiver.kind === "email") && !values.smtpUrl)
    throw wrong("FULLCOURT_SMTP_URL: must name the mail server when FULLCOURT_ALERT_ROUTES has an e-mail address.");
  const config: Config = {
    ...values,
    warehouse: { kind: "home" },
    isWarehouseSet: values.warehouse !== undefined,
    schedules: readSchedules(env),
    warehouseFile: path.join(values.home, "warehouse.duckdb"),
    stateFile: path.join(values.home, "state.db"),
    auth: readAuth(values),
  };
  return values.warehouse ? at(config, values.warehouse) : config;
}

/** The settings with their warehouse. Another program's is read only, whatever FULLCOURT_READ_ONLY says. */
function at(config: Config, warehouse: WarehouseAddress): Config {
  const bigqueryProject = (warehouse.kind === "bigquery" && warehouse.project) || config.bigqueryProject;
  if (warehouse.kind === "bigquery" && !bigqueryProject)
    throw wrong("BIGQUERY_PROJECT: must name the project when the warehouse is bigquery without one.");
  return { ...config, warehouse, bigqueryProject, readOnly: config.readOnly || isExternal(warehouse) };
}

/** The settings with the warehouse that a configuration names, where the environment names none. */
export const withWarehouse = (config: Config, { warehouse }: { warehouse?: string | undefined }): Config =>
  warehouse && !config.isWarehouseSet ? at(config, ofConfig(warehouse)) : config;

/** A variable that the configuration names may not be set. */
function ofConfig(text: string): WarehouseAddress {
  try {
    return parseAddress(text, process.cwd());
  } catch (error) {
    throw wrong(`warehouse of the configuration: ${(error as Error).message}.`);
  }
}

/** A setting in effect. A null value: it is not set, and has no default. */
export interface SettingInEffect {
  name: string;
  description: string;
  /** As it is written in the environment, or the default; "set" for a secret. */
  value: string | null;
  from: "environment" | "configuration" | "home" | "default";
}

/** A default as it would be written in the environment; undefined where there is none. */
function defaultText(type: z.ZodType): string | undefined {
  const { data } = type.safeParse(undefined);
  if (data === undefined || (Array.isArray(data) && data.length === 0)) return undefined;
  if (typeof data !== "boolean") return String(data);
  return ["true", "false", "on", "off"].find((text) => type.safeParse(text).data === data);
}

/** An address of a warehouse as it may be shown. */
const withoutSecrets = (given: string | undefined) =>
  given?.startsWith("postgres") ? formatAddress(parseAddress(given, process.cwd())) : given;

/**
 * All settings with the values in effect, without secrets. The schedules of a pipeline are not among them: see
 * settingsInEffect.
 */
export function listSettings(
  { today }: Pick<Config, "today">,
  env: Readonly<Record<string, string | undefined>> = process.env,
): SettingInEffect[] {
  return Object.values(SETTINGS).map(({ name, type, description, isSecret }): SettingInEffect => {
    const of = { name, description };
    const given = env[name];
    const byDefault = defaultText(type);
    // `serve` passes HOST and PORT on, whether they were set or not.
    const value = isSecret ? "set" : name === "FULLCOURT_WAREHOUSE" ? withoutSecrets(given) : given;
    if (given && given !== byDefault) return { ...of, value: value as string, from: "environment" };
    if (name === "FULLCOURT_TODAY" && today) return { ...of, value: today, from: "home" };
    return { ...of, value: isSecret ? null : (byDefault ?? null), from: "default" };
  });
}

/** Now, on the day that FULLCOURT_TODAY names when it is set: ages are counted from it. */
export function freshnessNow({ today }: Pick<Config, "today">): Date {
  const now = new Date();
  return today ? new Date(`${today}T${now.toISOString().slice(11)}`) : now;
}

/** The time of day there, "07:00"; a date that stands for today is looked at as it ends. */
export function clockOf(config: Pick<Config, "today">, timeZone: string): string {
  if (config.today) return "24:00";
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(new Date());
}

/** Today in the dates' own time zone; FULLCOURT_TODAY stands for it. */
export function todayOf(config: Pick<Config, "today">, timeZone: string): string {
  return config.today ?? new Intl.DateTimeFormat("en-CA", { timeZone }).format(new Date());
}
