import { redirect } from "next/navigation";
import { SignInForm } from "@/components/access/sign-in-form";
import { PageShell } from "@/components/ui/parts";
import { safePath } from "@/lib/access/roles";
import { serverContext } from "@/server/context";
import { currentActor } from "../session";

export const metadata = { title: "Sign in" };

const NOT_VERIFIED = "Your provider has not verified this email address. Ask an administrator.";

/** Messages for the errors of a sign-in with the provider. */
const FAULTS: Record<string, string> = {
  not_added: "You have signed in, but nobody has added you here. Ask an administrator.",
  not_verified: NOT_VERIFIED,
  account_not_linked: NOT_VERIFIED,
  no_group: "None of your groups has access. Ask an administrator of your sign-in provider.",
  removed: "Your access was removed. Ask an administrator.",
  access_denied: "Sign-in was cancelled.",
};

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, error } = await searchParams;
  const to = safePath([next].flat()[0]);
  if (await currentActor()) redirect(to);
  const { auth } = (await serverContext()).config;
  const fault = [error].flat()[0];
  return (
    <PageShell title="Sign in" className="mx-auto max-w-sm gap-4 pt-16 sm:pt-24">
      <SignInForm
        next={to}
        hasPasswords={auth?.passwords ?? true}
        provider={auth?.oidc?.name ?? null}
        fault={fault ? (FAULTS[fault] ?? `Sign-in failed (${fault}). Try again.`) : null}
      />
    </PageShell>
  );
}
