import type { Metadata } from "next";
import Link from "next/link";
import { AccountForms } from "@/components/access/account-forms";
import { AuditLog } from "@/components/access/audit-log";
import { PeopleTable } from "@/components/access/people-table";
import { TokensTable } from "@/components/access/tokens-table";
import { mayAct, ROLES } from "@/lib/access";
import { listDeeds } from "@/server/state/audit";
import { getPerson, listPeople } from "@/server/state/people";
import { listTokens } from "@/server/state/tokens";
import { pageContext } from "../session";
import { addPerson, createToken, newPassword, removePerson, revokeToken, setRole } from "./actions";

export const metadata: Metadata = { title: "Access" };

const PAGE = 100;

/** Who one is here, one's tokens, and for administrators everybody and the audit log. */
export default async function AccessPage({ searchParams }: PageProps<"/access">) {
  const { context, actor } = await pageContext();
  const { db } = context.state;
  const signsIn = context.config.auth !== null;
  const isAdmin = actor.role === "admin";
  const before = Number((await searchParams).before) || undefined;
  const deeds = isAdmin ? await listDeeds(db, PAGE, before) : [];
  const last = deeds.at(-1);
  return (
    <main className="flex max-w-5xl flex-col gap-8 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Access</h1>
      {signsIn ? (
        <>
          <section className="flex flex-col gap-3">
            <h2 className="font-bold">You</h2>
            <p className="text-sm">
              {actor.name}, {actor.role}
            </p>
            <AccountForms />
          </section>
          <TokensTable
            tokens={await listTokens(db, isAdmin ? undefined : (await getPerson(db, actor.name)).id)}
            scopes={ROLES.filter((role) => mayAct(actor.role, role))}
            actions={{ createToken, revokeToken }}
          />
          {isAdmin && (
            <PeopleTable people={await listPeople(db)} actions={{ addPerson, setRole, newPassword, removePerson }} />
          )}
        </>
      ) : (
        <p className="text-sm text-soft">
          Nobody signs in here: the server listens to this machine only. FULLCOURT_AUTH_SECRET and{" "}
          <code>fullcourt users add EMAIL --role admin</code> set sign-in up.
        </p>
      )}
      {isAdmin && (
        <section className="flex flex-col gap-2">
          <h2 className="font-bold">Audit log</h2>
          <AuditLog deeds={deeds} />
          {last && deeds.length === PAGE && (
            <Link href={`/access?before=${last.id}`} className="text-sm underline">
              Before {last.at.slice(0, 16).replace("T", " ")}
            </Link>
          )}
        </section>
      )}
    </main>
  );
}
