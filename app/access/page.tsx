import { Lock, LockOpen, ScrollText } from "lucide-react";
import { AccountForms } from "@/components/access/account-forms";
import { PeopleTable } from "@/components/access/people-table";
import { SessionsTable } from "@/components/access/sessions-table";
import { TokensTable } from "@/components/access/tokens-table";
import { DataTable } from "@/components/ui/data-table";
import { Card, EmptyState, PageShell, Section, TextLink } from "@/components/ui/parts";
import { RelativeTime } from "@/components/ui/relative-time";
import { hasRole, ROLES } from "@/lib/access/roles";
import { listDeeds } from "@/server/state/audit";
import { getPerson, listPeople, listSessions } from "@/server/state/people";
import { listTokens } from "@/server/state/tokens";
import { pageContext } from "../session";

export const metadata = { title: "Access" };

const PAGE = 100;

export default async function AccessPage({ searchParams }: PageProps<"/access">) {
  const { context, actor } = await pageContext();
  const { db } = context.state;
  const { auth } = context.config;
  const isAdmin = actor.role === "admin";
  const whose = isAdmin || !auth ? undefined : (await getPerson(db, actor.name)).id;
  const people = isAdmin ? await listPeople(db) : [];
  const before = Number((await searchParams).before) || undefined;
  const deeds = isAdmin ? await listDeeds(db, PAGE, before) : [];
  const last = deeds.at(-1);
  return (
    <PageShell title="Access" className="max-w-5xl gap-8">
      {auth ? (
        <>
          <Section title="You">
            <Card className="flex flex-col gap-4 p-4">
              <p className="font-medium">
                {actor.name}, {actor.role}
              </p>
              <AccountForms hasPassword={auth.passwords} />
            </Card>
          </Section>
          <SessionsTable sessions={await listSessions(db, whose)} current={actor.session} />
          <TokensTable
            tokens={await listTokens(db, whose)}
            scopes={ROLES.filter((role) => hasRole(actor.role, role))}
            services={people.filter((one) => one.isService).map((one) => one.email)}
          />
          {isAdmin && <PeopleTable people={people} hasPasswords={auth.passwords} />}
        </>
      ) : (
        <EmptyState icon={<LockOpen aria-hidden="true" />} title="Sign-in is off.">
          The server accepts local connections only. To turn sign-in on, set <code>FULLCOURT_AUTH_SECRET</code>, run{" "}
          <code>fullcourt users add EMAIL --role admin</code>, and restart.
        </EmptyState>
      )}
      {isAdmin && (
        <Section title="Audit log">
          {deeds.length === 0 && (
            <EmptyState
              icon={<ScrollText aria-hidden="true" />}
              title={before ? "No older events." : "No audit events yet."}
            >
              Every change of data, runs and access is recorded here with its author, address and time.
            </EmptyState>
          )}
          {last && (
            <DataTable
              label="Audit log, newest first"
              rows={deeds}
              rowKey={({ id }) => id}
              columns={[
                ["When", ({ at }) => <RelativeTime at={at} />, "whitespace-nowrap"],
                ["Actor", ({ actor }) => actor],
                ["Channel", ({ via, tokenId }) => (tokenId ? `${via}, token ${tokenId}` : via)],
                ["Address", ({ address }) => address ?? ""],
                ["Action", ({ deed }) => deed, "whitespace-nowrap"],
                ["Subject", ({ subject }) => subject, "min-w-64 break-words"],
              ]}
            />
          )}
          {last && deeds.length === PAGE && (
            <TextLink href={`/access?before=${last.id}`} className="text-sm">
              Older events
            </TextLink>
          )}
        </Section>
      )}
      {!isAdmin && (
        <EmptyState icon={<Lock aria-hidden="true" />} title="People and the audit log are for administrators.">
          Your role is {actor.role}. An administrator can change it.
        </EmptyState>
      )}
    </PageShell>
  );
}
