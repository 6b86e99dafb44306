import type { BlockList } from "node:net";
import path from "node:path";
import { z } from "zod";
import { ROLES } from "@/lib/access/roles";
import type { AlertRoute } from "@/lib/engine/alerts";
import { FullcourtError } from "@/lib/errors";
import { isCron } from "@/lib/util/cron";
import { isDate } from "@/lib/util/dates";
import { readRanges } from "./access/peer";

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

/** A size as "512MB" or "1.5GB", in bytes. Less than DuckDB can work with is refused. */
const sizeText = z
  .string()
  .regex(/^\d+(\.\d+)? ?[MG]B$/i, 'must be a size such as "512MB" or "1GB"')
  .transform((text) => Number.parseFloat(text) * (/G/i.test(text) ? 1e9 : 1e6))
  .refine((bytes) => bytes >= 64e6, "must be 64MB or more");

/** A setting: its name in the environment, and what it must be. */
const setting = <T extends z.ZodType>(name: string, type: T) => ({ name, type, isSecret: false });
/** A setting whose value is never shown: it is a secret, or can contain one. */
const secret = <T extends z.ZodType>(name: string, type: T) => ({ name, type, isSecret: true });
const text = z.string();
const number = z.coerce.number();
const positive = number.int().positive();
const hours = number.min(0.1, "must be 0.1 or more: hours").max(8_784, "must be at most 8784: hours of a year");

/** Every setting has a default or is asked for by another; .env.example lists them. */
const SETTINGS = {
  home: setting(
    "FULLCOURT_HOME",
    text.default("./.fullcourt").transform((folder) => path.resolve(folder)),
  ),
  warehouse: setting("FULLCOURT_WAREHOUSE", z.enum(["duckdb", "bigquery"]).default("duckdb")),
  /** Bytes that the embedded engine may take. */
  memory: setting("FULLCOURT_MEMORY", sizeText.optional()),
  bigqueryProject: setting("BIGQUERY_PROJECT", text.optional()),
  bigqueryLocation: setting("BIGQUERY_LOCATION", text.optional()),
  /** Before every dataset's name. */
  bigqueryPrefix: setting("BIGQUERY_DATASET_PREFIX", text.optional()),
  /** Another address of the API. */
  bigqueryEndpoint: setting("BIGQUERY_ENDPOINT", text.optional()),
  /** Most bytes that one statement may bill. */
  bigqueryMaxBytes: setting("BIGQUERY_MAX_BYTES_BILLED", positive.optional()),
  /** Most bytes that the tasks of one run may read together. */
  bigqueryMaxRunBytes: setting("BIGQUERY_MAX_BYTES_PER_RUN", positive.optional()),
  /** What reading 2^40 bytes costs, in US dollars. */
  bigqueryPricePerTib: setting("BIGQUERY_PRICE_PER_TIB", number.nonnegative().default(6.25)),
  /** Above so many cells, or US dollars, the page asks a second time before it starts a backfill. */
  confirmCells: setting("FULLCOURT_CONFIRM_CELLS", number.int().nonnegative().default(2_000)),
  confirmDollars: setting("FULLCOURT_CONFIRM_DOLLARS", number.nonnegative().default(10)),
  /** The webhook of alerts, the secret that signs them, and their format. */
  alertWebhook: secret("FULLCOURT_ALERT_WEBHOOK", address.optional()),
  alertSecret: secret("FULLCOURT_ALERT_SECRET", text.optional()),
  /** The secret before it: bodies are signed by both while receivers change to the new one. */
  alertSecretOld: secret("FULLCOURT_ALERT_SECRET_OLD", text.optional()),
  alertFormat: setting("FULLCOURT_ALERT_FORMAT", z.enum(["json", "slack"]).default("json")),
  /** Who gets e-mail, over which server. */
  alertEmail: setting("FULLCOURT_ALERT_EMAIL", listText),
  alertFrom: setting("FULLCOURT_ALERT_FROM", text.default("fullcourt@localhost")),
  smtpUrl: secret(
    "FULLCOURT_SMTP_URL",
    z.url({ protocol: /^smtps?$/, message: "must be an smtp or smtps address" }).optional(),
  ),
  /** Recipients for the tables of an owner, instead of the ones above. */
  alertRoutes: secret("FULLCOURT_ALERT_ROUTES", routesText),
  /** Alert about gaps this many days old, and tasks that took this many times their usual duration. */
  alertGapDays: setting("FULLCOURT_ALERT_GAP_DAYS", positive.optional()),
  alertSlowdown: setting(
    "FULLCOURT_ALERT_SLOWDOWN",
    number.gt(1, "must be more than 1: so many times the usual").optional(),
  ),
  /** Where a server says, every few minutes, that all is well. */
  heartbeatUrl: secret("FULLCOURT_HEARTBEAT_URL", address.optional()),
  /** When the server copies warehouse and state (a cron pattern, in UTC), under which folder, and how many it keeps. */
  backupSchedule: setting("FULLCOURT_BACKUP_SCHEDULE", cronText.optional()),
  backupFolder: setting("FULLCOURT_BACKUP_FOLDER", text.transform((folder) => path.resolve(folder)).optional()),
  backupKeep: setting("FULLCOURT_BACKUP_KEEP", positive.default(7)),
  /** What a server does at its start with runs that were cut off: resumes them, or waits for a person. */
  resume: setting("FULLCOURT_RESUME", z.enum(["auto", "ask"]).default("auto")),
  /** A run is ended, and has failed, when it takes longer than so many hours since a process has begun it. */
  runHours: setting("FULLCOURT_RUN_HOURS", number.positive().max(500).default(24)),
  /** Nothing is written to the warehouse: its tables are another program's. */
  readOnly: setting("FULLCOURT_READ_ONLY", z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)),
  /** Signs cookies. */
  authSecret: secret(
    "FULLCOURT_AUTH_SECRET",
    text.min(32, "must have 32 characters or more, for example from `openssl rand -hex 32`").optional(),
  ),
  /** Whose word counts for who sends a request: so many hops before the server, or proxies by address and range. */
  trustedProxies: setting("FULLCOURT_TRUSTED_PROXIES", proxiesText),
  /** A line of JSON on standard error for each deed of the audit log, for collectors. */
  auditLines: setting("FULLCOURT_AUDIT_LINES", z.enum(["on", "off"]).default("on")),
  /** Without sign-in: every request needs the key that the server prints. */
  key: setting("FULLCOURT_KEY", z.enum(["on", "off"]).default("off")),
  /** The one before it, while cookies that it has signed are still good. */
  authSecretOld: secret("FULLCOURT_AUTH_SECRET_OLD", text.min(32, "must have 32 characters or more").optional()),
  /** Whether people may sign in by password; where not, by the provider alone. */
  passwords: setting("FULLCOURT_PASSWORDS", z.stringbool({ truthy: ["on"], falsy: ["off"] }).default(true)),
  /** For how many hours a session lasts, however much it is used, and for how many without being used. */
  sessionHours: setting("FULLCOURT_SESSION_HOURS", hours.default(168)),
  sessionIdleHours: setting("FULLCOURT_SESSION_IDLE_HOURS", hours.optional()),
  /** The dashboard's address as people's browsers have it, where it is not HOST and PORT. */
  publicUrl: setting("FULLCOURT_URL", address.optional()),
  /** Addresses that are always administrators. */
  admins: setting("FULLCOURT_ADMINS", listText),
  oidcIssuer: setting("OIDC_ISSUER", address.optional()),
  oidcClientId: setting("OIDC_CLIENT_ID", text.optional()),
  oidcClientSecret: secret("OIDC_CLIENT_SECRET", text.optional()),
  /** What the provider's button says. */
  oidcName: setting("OIDC_NAME", text.default("single sign-on")),
  /** People with an address there are added at their first sign-in, with this role; others are added by hand. */
  oidcDomains: setting("OIDC_DOMAINS", listText),
  oidcRole: setting("OIDC_ROLE", z.enum(ROLES).default("viewer")),
  /** Of a provider that never sends email_verified: its addresses are taken for people's own. */
  oidcTrustEmail: setting("OIDC_TRUST_EMAIL", z.stringbool({ truthy: ["true"], falsy: ["false"] }).default(false)),
  /** Groups of the provider that give a role, and the claim that names them. */
  oidcGroupsClaim: setting("OIDC_GROUPS_CLAIM", text.default("groups")),
  oidcAdminGroups: setting("OIDC_ADMIN_GROUPS", namesText),
  oidcOperatorGroups: setting("OIDC_OPERATOR_GROUPS", namesText),
  oidcViewerGroups: setting("OIDC_VIEWER_GROUPS", namesText),
  databaseUrl: secret("DATABASE_URL", text.regex(/^postgres(ql)?:\/\//, "must begin with postgres://").optional()),
  host: setting("HOST", text.default("127.0.0.1")),
  port: setting("PORT", number.int().min(1).max(65535).default(3000)),
  /** For how many days is kept: what runs were and said, plans that nobody launched, the audit log, cells' histories. */
  keepRunsDays: setting("FULLCOURT_KEEP_RUNS_DAYS", positive.default(180)),
  keepPlansDays: setting("FULLCOURT_KEEP_PLANS_DAYS", positive.default(2)),
  keepAuditDays: setting("FULLCOURT_KEEP_AUDIT_DAYS", positive.default(731)),
  keepHistoryDays: setting("FULLCOURT_KEEP_HISTORY_DAYS", positive.default(180)),
  /** A date that stands for today; else the clock's. */
  today: setting("FULLCOURT_TODAY", text.refine(isDate, "must be a date YYYY-MM-DD").optional()),
};
type Settings = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]["type"]> };

export type AuthSettings = NonNullable<ReturnType<typeof readAuth>>;
export type OidcSettings = NonNullable<AuthSettings["oidc"]>;

export type Config = Settings & {
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
  if (values.warehouse === "bigquery" && !values.bigqueryProject)
    throw wrong("BIGQUERY_PROJECT: must name the project when FULLCOURT_WAREHOUSE is bigquery.");
  if (values.backupSchedule && !values.backupFolder)
    throw wrong("FULLCOURT_BACKUP_FOLDER: must name a folder when FULLCOURT_BACKUP_SCHEDULE is set.");
  if (values.alertEmail.length > 0 && !values.smtpUrl)
    throw wrong("FULLCOURT_SMTP_URL: must name the mail server when FULLCOURT_ALERT_EMAIL is set.");
  if (values.alertRoutes.some(({ receiver }) => receiver.kind === "email") && !values.smtpUrl)
    throw wrong("FULLCOURT_SMTP_URL: must name the mail server when FULLCOURT_ALERT_ROUTES has an e-mail address.");
  return {
    ...values,
    schedules: readSchedules(env),
    warehouseFile: path.join(values.home, "warehouse.duckdb"),
    stateFile: path.join(values.home, "state.db"),
    auth: readAuth(values),
  };
}

/** A setting in effect. A null value: it is not set, and has no default. */
export interface SettingInEffect {
  name: string;
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

/**
 * All settings with the values in effect, without secrets. The schedules of a pipeline are not among them: see
 * settingsInEffect.
 */
export function listSettings(
  { today }: Pick<Config, "today">,
  env: Readonly<Record<string, string | undefined>> = process.env,
): SettingInEffect[] {
  return Object.values(SETTINGS).map(({ name, type, isSecret }): SettingInEffect => {
    const given = env[name];
    const byDefault = defaultText(type);
    // `serve` passes HOST and PORT on, whether they were set or not.
    if (given && given !== byDefault) return { name, value: isSecret ? "set" : given, from: "environment" };
    if (name === "FULLCOURT_TODAY" && today) return { name, value: today, from: "home" };
    return { name, value: isSecret ? null : (byDefault ?? null), from: "default" };
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
