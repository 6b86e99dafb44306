import { scheduleSettings } from "@/lib/engine/planning/schedule";
import { listSettings, type SettingInEffect } from "../config";
import type { Context } from "../context";
import { configFile } from "../pipeline/load";
import { memoryFor } from "../warehouse/memory";

/** Headings of the Settings page, each with the settings under it; the first match counts. */
const GROUPS: ReadonlyArray<readonly [title: string, names: RegExp]> = [
  ["Schedules", /^FULLCOURT_SCHEDULE_/],
  ["Warehouse", /^BIGQUERY_|_WAREHOUSE|_(MEMORY|READ_ONLY)$/],
  ["State and retention", /^DATABASE_URL$|_KEEP_\w+_DAYS$/],
  ["Backups", /_BACKUP_/],
  ["Backfills", /_(RESUME|RUN_HOURS|CONFIRM_\w+)$/],
  ["Alerts", /_(ALERT|SMTP|HEARTBEAT)_/],
  ["Access", /^OIDC_|_(AUTH|SESSION|AUDIT)_|_(URL|KEY|PASSWORDS|ADMINS|TRUSTED_PROXIES)$/],
  ["Server", /./],
];

export interface SettingsGroup {
  title: string;
  settings: SettingInEffect[];
}

/** Settings that are read elsewhere, as soon as a process starts. */
function startSettings(env: NodeJS.ProcessEnv): SettingInEffect[] {
  const file = configFile(env);
  const others: ReadonlyArray<readonly [name: string, byDefault: string | null, description: string]> = [
    ["FULLCOURT_LOG", "warn", "Log level of the server: error, warn, info or debug."],
    [
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      null,
      "Address that receives OpenTelemetry spans of runs, tasks, writes and requests, over OTLP/HTTP.",
    ],
    ["OTEL_SERVICE_NAME", "fullcourt", "Name of the service in OpenTelemetry."],
  ];
  return [
    {
      name: "FULLCOURT_CONFIG",
      description: "The pipeline's configuration, a .ts file. Without it, the built-in pipeline.",
      value: file ?? "built-in pipeline",
      from: env.FULLCOURT_CONFIG ? "environment" : "default",
    },
    ...others.map(([name, byDefault, description]): SettingInEffect => {
      const value = env[name];
      return { name, description, value: value || byDefault, from: value ? "environment" : "default" };
    }),
  ];
}

/** Every setting in effect by heading, with its source and without secrets. */
export function settingsInEffect(
  { config, pipeline }: Pick<Context, "config" | "pipeline">,
  env: NodeJS.ProcessEnv = process.env,
): SettingsGroup[] {
  const schedules = scheduleSettings(pipeline.definition).map(({ setting: name, id, cron }): SettingInEffect => {
    const of = { name, description: `When ${id} runs: a cron pattern in ${pipeline.timeZone}, or off.` };
    const given = config.schedules[name];
    if (given) return { ...of, value: given, from: "environment" };
    return cron ? { ...of, value: cron, from: "configuration" } : { ...of, value: null, from: "default" };
  });
  const computed: Record<string, string | undefined> = {
    FULLCOURT_WAREHOUSE: "duckdb",
    FULLCOURT_WAREHOUSE_COPY_LIMIT: "2GB",
    FULLCOURT_MEMORY: `${Math.round(memoryFor(true) / 1e6)}MB`,
    FULLCOURT_SESSION_IDLE_HOURS: String(Math.min(24, config.sessionHours)),
  };
  const { warehouse } = pipeline;
  const all = [...schedules, ...listSettings(config, env), ...startSettings(env)].map(
    (one): SettingInEffect =>
      one.name === "FULLCOURT_WAREHOUSE" && warehouse && !config.isWarehouseSet
        ? { ...one, value: warehouse, from: "configuration" }
        : one.from === "default"
          ? { ...one, value: one.value ?? computed[one.name] ?? null }
          : one,
  );
  const groupOf = (name: string) => GROUPS.find(([, names]) => names.test(name))?.[0];
  return GROUPS.map(([title]) => ({ title, settings: all.filter(({ name }) => groupOf(name) === title) }));
}
