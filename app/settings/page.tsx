import { Lock } from "lucide-react";
import Link from "next/link";
import { DataTable } from "@/components/ui/data-table";
import { Card, Details, EmptyState, LINK_BUTTON, PageShell } from "@/components/ui/parts";
import { TitledCard } from "@/components/ui/titled-card";
import { hasRole } from "@/lib/access/roles";
import { PAGE_ROLES } from "@/lib/access/rules";
import type { SettingInEffect } from "@/server/config";
import { settingsInEffect } from "@/server/platform/settings";
import { describeAddress } from "@/server/warehouse/address";
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

const Name = ({ name, description }: SettingInEffect) => (
  <>
    <code className="font-medium [overflow-wrap:anywhere]">{name}</code>
    <p className="text-xs text-soft">{description}</p>
  </>
);

export default async function SettingsPage() {
  const { context, actor } = await pageContext();
  const { config, pipeline, today } = context;
  const needed = PAGE_ROLES["/settings"];
  if (!hasRole(actor.role, needed))
    return (
      <PageShell title="Settings">
        <EmptyState
          icon={<Lock aria-hidden="true" />}
          title={`Settings need the role ${needed}.`}
          action={
            <Link href="/access" className={LINK_BUTTON}>
              Your sessions and tokens
            </Link>
          }
        >
          Your role is {actor.role}. An administrator can change it.
        </EmptyState>
      </PageShell>
    );
  return (
    <PageShell title="Settings" className="max-w-6xl gap-4">
      <p className="-mt-2 max-w-3xl text-ink-2">
        The settings in effect. Change a setting in the environment of the server, or in the configuration file, and
        restart. Secrets are not shown.
      </p>
      <Card>
        <Details
          className="grid-cols-[max-content_minmax(0,1fr)] text-sm"
          of={{
            Pipeline: `${pipeline.name} (${pipeline.tables.length} tables)`,
            Warehouse: describeAddress(config),
            State: config.databaseUrl ? "Postgres" : config.stateFile,
            "Sign-in": config.auth ? "On" : "Off: local connections only",
            Today: `${today()}, ${pipeline.timeZone}`,
          }}
        />
      </Card>
      {settingsInEffect(context).map(({ title, settings }) => (
        <TitledCard key={title} title={title} className="px-4 py-2">
          <DataTable
            label={`Settings: ${title}`}
            rows={settings}
            rowKey={({ name }) => name}
            columns={[
              ["Setting", (one) => <Name {...one} />, "w-1/2 min-w-64"],
              ["Value", (one) => <Value value={one.value} />, "min-w-40"],
              ["Source", sourceOf, "w-32 text-soft"],
            ]}
          />
        </TitledCard>
      ))}
    </PageShell>
  );
}
