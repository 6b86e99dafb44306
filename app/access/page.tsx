import { AccountForms } from "@/components/access/account-forms";
import { PeopleTable } from "@/components/access/people-table";
import { SessionsTable } from "@/components/access/sessions-table";
import { TokensTable } from "@/components/access/tokens-table";
import { DataTable } from "@/components/ui/data-table";
import { PageShell, Section, TextLink } from "@/components/ui/parts";
import { mayAct, ROLES } from "@/lib/access/roles";
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
            <p className="text-sm">
              {actor.name}, {actor.role}
            </p>
            <AccountForms hasPassword={auth.passwords} />
          </Section>
          <SessionsTable sessions={await listSessions(db, whose)} current={actor.session} />
          <TokensTable
            tokens={await listTokens(db, whose)}
            scopes={ROLES.filter((role) => mayAct(actor.role, role))}
            services={people.filter((one) => one.isService).map((one) => one.email)}
          />
          {isAdmin && <PeopleTable people={people} hasPasswords={auth.passwords} />}
        </>
      ) : (
        <p className="text-sm text-soft">
          Nobody signs in here: the server listens to this machine only. FULLCOURT_AUTH_SECRET and{" "}
          <code>fullcourt users add EMAIL --role admin</code> set sign-in up.
        </p>
      )}
      {isAdmin && (
        <Section title="Audit log">
          {deeds.length === 0 && <p className="text-sm text-soft">Nothing was done yet.</p>}
          {last && (
            <DataTable
              label="Audit log, newest first"
              rows={deeds}
              rowKey={({ id }) => id}
              columns={[
                ["When (UTC)", ({ at }) => at.slice(0, 19).replace("T", " "), "whitespace-nowrap"],
                ["Who", ({ actor }) => actor],
                ["By", ({ via, tokenId }) => (tokenId ? `${via}, token ${tokenId}` : via)],
                ["From", ({ address }) => address ?? ""],
                ["What", ({ deed }) => deed, "whitespace-nowrap"],
                ["On", ({ subject }) => subject, "min-w-64 break-words"],
              ]}
            />
          )}
          {last && deeds.length === PAGE && (
            <TextLink href={`/access?before=${last.id}`} className="text-sm">
              Before {last.at.slice(0, 16).replace("T", " ")}
            </TextLink>
          )}
        </Section>
      )}
    </PageShell>
  );
}
