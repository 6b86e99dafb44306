import { scheduleSettings } from "@/lib/engine/planning/schedule";
import { listSettings, type SettingInEffect } from "../config";
import type { Context } from "../context";
import { configFile } from "../pipeline/load";
import { memoryFor } from "../warehouse/memory";

/** Headings of the Settings page, each with the settings under it; the first match counts. */
const GROUPS: ReadonlyArray<readonly [title: string, names: RegExp]> = [
  ["Schedules", /^FULLCOURT_SCHEDULE_/],
  ["Warehouse", /^BIGQUERY_|_(WAREHOUSE|MEMORY|READ_ONLY)$/],
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
  const others = { FULLCOURT_LOG: "warn", OTEL_EXPORTER_OTLP_ENDPOINT: null, OTEL_SERVICE_NAME: "fullcourt" };
  return [
    {
      name: "FULLCOURT_CONFIG",
      value: file ?? "built-in pipeline",
      from: env.FULLCOURT_CONFIG ? "environment" : "default",
    },
    ...Object.entries(others).map(
      ([name, byDefault]): SettingInEffect =>
        env[name] ? { name, value: env[name], from: "environment" } : { name, value: byDefault, from: "default" },
    ),
  ];
}

/** Every setting in effect by heading, with its source and without secrets. */
export function settingsInEffect(
  { config, pipeline }: Pick<Context, "config" | "pipeline">,
  env: NodeJS.ProcessEnv = process.env,
): SettingsGroup[] {
  const schedules = scheduleSettings(pipeline.definition).map(({ setting: name, cron }): SettingInEffect => {
    const given = config.schedules[name];
    if (given) return { name, value: given, from: "environment" };
    return cron ? { name, value: cron, from: "configuration" } : { name, value: null, from: "default" };
  });
  const computed: Record<string, string | undefined> = {
    FULLCOURT_MEMORY: `${Math.round(memoryFor(true) / 1e6)}MB`,
    FULLCOURT_SESSION_IDLE_HOURS: String(Math.min(24, config.sessionHours)),
  };
  const all = [...schedules, ...listSettings(config, env), ...startSettings(env)].map((one) =>
    one.from === "default" ? { ...one, value: one.value ?? computed[one.name] ?? null } : one,
  );
  const groupOf = (name: string) => GROUPS.find(([, names]) => names.test(name))?.[0];
  return GROUPS.map(([title]) => ({ title, settings: all.filter(({ name }) => groupOf(name) === title) }));
}
