import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilePipeline } from "@/lib/engine/pipeline/compile";
import { nba } from "@/lib/pipelines/nba";
import { readConfig } from "../config";
import { settingsInEffect } from "./settings";

const pipeline = compilePipeline(nba);
function settings(env: Record<string, string>) {
  const groups = settingsInEffect({ config: readConfig(env), pipeline }, env as NodeJS.ProcessEnv);
  return new Map(groups.flatMap((group) => group.settings).map((one) => [one.name, one]));
}

describe("settings in effect", () => {
  it("are those of .env.example, each once, under a heading", () => {
    const documented = [...readFileSync(".env.example", "utf8").matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(
      ([, name]) => name,
    );
    const groups = settingsInEffect({ config: readConfig({}), pipeline }, {} as NodeJS.ProcessEnv);
    const listed = groups.flatMap((group) => group.settings.map(({ name }) => name));
    expect([...listed].sort()).toEqual([...documented].sort());
    expect(groups.filter((group) => group.settings.length === 0)).toEqual([]);
    const descriptions = groups.flatMap((group) => group.settings.map(({ description }) => description));
    expect(descriptions.filter((text) => !/^\S.{9,110}\.$/.test(text))).toEqual([]);
    expect(new Set(descriptions).size).toBe(descriptions.length);
  });

  it("have their source: the environment, the configuration, the home, or the default", () => {
    const env = { FULLCOURT_RUN_HOURS: "5", HOST: "127.0.0.1", FULLCOURT_SCHEDULE_ANALYTICS: "0 6 * * *" };
    const found = settings(env);
    expect(found.get("FULLCOURT_RUN_HOURS")).toMatchObject({ value: "5", from: "environment" });
    expect(found.get("HOST")).toMatchObject({ value: "127.0.0.1", from: "default" });
    expect(found.get("FULLCOURT_PASSWORDS")).toMatchObject({ value: "on", from: "default" });
    expect(found.get("FULLCOURT_READ_ONLY")).toMatchObject({ value: "false", from: "default" });
    expect(found.get("FULLCOURT_BACKUP_FOLDER")).toMatchObject({ value: null, from: "default" });
    expect(found.get("FULLCOURT_SCHEDULE_ANALYTICS")).toMatchObject({ value: "0 6 * * *", from: "environment" });
    expect(found.get("FULLCOURT_MEMORY")?.value).toMatch(/^\d+MB$/);
    const demo = settingsInEffect(
      { config: { ...readConfig({}), today: "2021-12-01" }, pipeline },
      {} as NodeJS.ProcessEnv,
    );
    expect(demo.flatMap((group) => group.settings).find(({ name }) => name === "FULLCOURT_TODAY")).toMatchObject({
      value: "2021-12-01",
      from: "home",
    });
    const nightly = {
      ...pipeline,
      definition: { ...pipeline.definition, schedules: [{ id: "nightly", cron: "0 4 * * *" }] },
    };
    const [schedules] = settingsInEffect({ config: readConfig({}), pipeline: nightly }, {} as NodeJS.ProcessEnv);
    expect(schedules?.settings[0]).toEqual({
      name: "FULLCOURT_SCHEDULE_NIGHTLY",
      description: "When nightly runs: a cron pattern in America/New_York, or off.",
      value: "0 4 * * *",
      from: "configuration",
    });
  });

  it("show no secret, nor an address that can contain one", () => {
    const canary = "c4n4ry-c4n4ry-c4n4ry-c4n4ry-c4n4ry";
    const env = {
      FULLCOURT_AUTH_SECRET: canary,
      FULLCOURT_AUTH_SECRET_OLD: canary,
      FULLCOURT_ALERT_SECRET: canary,
      FULLCOURT_ALERT_SECRET_OLD: canary,
      FULLCOURT_ALERT_WEBHOOK: `https://hooks.example.com/${canary}`,
      FULLCOURT_ALERT_ROUTES: `data=https://hooks.example.com/${canary}`,
      FULLCOURT_HEARTBEAT_URL: `https://hc.example.com/${canary}`,
      FULLCOURT_SMTP_URL: `smtps://user:${canary}@mail.example.com`,
      DATABASE_URL: `postgres://user:${canary}@localhost/fullcourt`,
      OIDC_ISSUER: "https://id.example.com",
      OIDC_CLIENT_ID: "id",
      OIDC_CLIENT_SECRET: canary,
    };
    const found = settings(env);
    expect(JSON.stringify([...found])).not.toContain(canary);
    expect(found.get("DATABASE_URL")).toMatchObject({ value: "set", from: "environment" });
    expect(found.get("OIDC_CLIENT_ID")).toMatchObject({ value: "id", from: "environment" });
    // A new setting with such a name is to be a secret, too.
    const names = [...found.keys()].filter((name) => /SECRET|WEBHOOK|ROUTES|SMTP|DATABASE/.test(name));
    expect(names.filter((name) => found.get(name)?.value !== "set")).toEqual([]);
  });
});
