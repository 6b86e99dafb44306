"use client";

import { useState } from "react";
import { OIDC } from "@/lib/access";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { Field } from "./field";
import { postAuth } from "./post-auth";

/** Address and password, or one press for the provider. */
export function SignInForm({ next, provider, fault }: { next: string; provider: string | null; fault: string | null }) {
  const [said, setSaid] = useState(fault);
  const [busy, setBusy] = useState(false);

  const doing = async (work: () => Promise<void>) => {
    setBusy(true);
    setSaid(null);
    try {
      await work();
    } catch (error) {
      setSaid((error as Error).message);
      setBusy(false);
    }
  };
  const byPassword = (form: FormData) =>
    doing(async () => {
      await postAuth("sign-in/email", { email: form.get("email"), password: form.get("password") });
      // A whole load: what is known of the page before is another person's.
      window.location.assign(next);
    });
  const byProvider = () =>
    doing(async () => {
      const { url } = await postAuth<{ url: string }>("sign-in/social", {
        provider: OIDC,
        callbackURL: next,
        errorCallbackURL: "/sign-in",
      });
      window.location.assign(url);
    });

  return (
    <>
      {said && (
        <p role="alert" className="rounded-md border border-line bg-raised p-3 text-sm">
          {said}
        </p>
      )}
      <Form onSend={(form) => byPassword(new FormData(form))} className="flex flex-col gap-3">
        <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <Button look="primary" type="submit" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </Button>
      </Form>
      {provider && (
        <Button disabled={busy} onClick={() => void byProvider()}>
          Sign in with {provider}
        </Button>
      )}
    </>
  );
}
