import { DataTable } from "@/components/ui/data-table";
import { Details, PageShell, Section, TextLink } from "@/components/ui/parts";
import { mayAct } from "@/lib/access/roles";
import { PAGE_ROLES } from "@/lib/access/rules";
import type { SettingInEffect } from "@/server/config";
import { settingsInEffect } from "@/server/platform/settings";
import { pageContext } from "../session";

export const metadata = { title: "Settings" };

const SOURCES: Record<SettingInEffect["from"], string> = {
  environment: "Environment",
  configuration: "Configuration",
  home: "Demo",
  default: "Default",
};

/** A default that sets nothing has no source. */
const sourceOf = ({ value, from }: SettingInEffect) => (value === null ? "" : SOURCES[from]);

function Value({ value }: { value: SettingInEffect["value"] }) {
  if (value === null) return <span className="text-soft">Not set</span>;
  return value === "set" ? (
    <span title="Secrets are not shown.">••••••</span>
  ) : (
    <code className="[overflow-wrap:anywhere]">{value}</code>
  );
}

export default async function SettingsPage() {
  const { context, actor } = await pageContext();
  const { config, pipeline, today } = context;
  const needed = PAGE_ROLES["/settings"];
  if (!mayAct(actor.role, needed))
    return (
      <PageShell title="Settings">
        <p>
          Settings are visible to administrators only. Your role is {actor.role}. Ask an administrator, or see your
          sessions and tokens under <TextLink href="/access">Access</TextLink>.
        </p>
      </PageShell>
    );
  return (
    <PageShell title="Settings" className="max-w-5xl gap-6">
      <p className="max-w-3xl text-soft">
        The settings in effect. Change a setting in the environment of the server, or in the configuration file, and
        restart. <code>.env.example</code> describes each one.
      </p>
      <Details
        className="grid-cols-[max-content_minmax(0,1fr)]"
        of={{
          Pipeline: `${pipeline.name} (${pipeline.tables.length} tables)`,
          Warehouse: config.warehouse === "bigquery" ? `BigQuery, ${config.bigqueryProject}` : config.warehouseFile,
          State: config.databaseUrl ? "Postgres" : config.stateFile,
          "Sign-in": config.auth ? "On" : "Off: local connections only",
          Today: `${today()}, ${pipeline.timeZone}`,
        }}
      />
      {settingsInEffect(context).map(({ title, settings }) => (
        <Section key={title} title={title}>
          <DataTable
            label={`Settings: ${title}`}
            rows={settings}
            rowKey={({ name }) => name}
            columns={[
              ["Setting", ({ name }) => <code>{name}</code>, "w-[24rem] [overflow-wrap:anywhere]"],
              ["Value", (one) => <Value value={one.value} />, "min-w-40"],
              ["Source", sourceOf, "w-32 text-soft"],
            ]}
          />
        </Section>
      ))}
    </PageShell>
  );
}
