import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/access/sign-in-form";
import { safePath } from "@/lib/access";
import { serverContext } from "@/server/context";
import { currentActor } from "../session";

export const metadata: Metadata = { title: "Sign in" };

/** Words for what a provider has sent a person back with. */
const FAULTS: Record<string, string> = {
  not_added: "You have signed in there, but nobody has added you here. Ask an administrator.",
  unable_to_link_account: "Your provider does not say that this address is yours. Ask an administrator.",
  access_denied: "Sign-in was called off.",
};

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

/** Password, or the provider where one is set up. */
export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, error } = await searchParams;
  const to = safePath(one(next));
  if (await currentActor()) redirect(to);
  const { auth } = (await serverContext()).config;
  const fault = one(error);
  return (
    <main className="mx-auto flex max-w-sm flex-col gap-4 p-4 pt-16 sm:p-6 sm:pt-24">
      <h1 className="text-xl font-bold">Sign in</h1>
      <SignInForm
        next={to}
        provider={auth?.oidc?.name ?? null}
        fault={fault ? (FAULTS[fault] ?? `Sign-in did not work (${fault}). Try again.`) : null}
      />
    </main>
  );
}
