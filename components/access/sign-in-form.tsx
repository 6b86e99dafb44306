"use client";

import { OIDC } from "@/lib/access/roles";
import { Button } from "../ui/button";
import { Field, Form } from "../ui/form";
import { useAuthPost } from "./use-auth-post";

interface Props {
  next: string;
  hasPasswords: boolean;
  provider: string | null;
  fault: string | null;
}

export function SignInForm({ next, hasPasswords, provider, fault }: Props) {
  // A whole load: what is known of the page before is another person's.
  const signIn = useAuthPost(({ url = next }) => window.location.assign(url));
  const said = signIn.isIdle ? fault : signIn.error?.message;
  const isBusy = signIn.isPending || signIn.isSuccess;
  const social = { provider: OIDC, callbackURL: next, errorCallbackURL: "/sign-in" };
  return (
    <>
      {said && (
        <p role="alert" className="rounded-md border border-line bg-raised p-3 text-sm">
          {said}
        </p>
      )}
      {hasPasswords && (
        <Form
          onSend={(form) => signIn.mutate({ path: "sign-in/email", body: Object.fromEntries(new FormData(form)) })}
          className="flex flex-col gap-3"
        >
          <Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
          <Field label="Password" name="password" type="password" autoComplete="current-password" required />
          <Button variant="primary" type="submit" disabled={isBusy}>
            {isBusy ? "Signing in…" : "Sign in"}
          </Button>
        </Form>
      )}
      {provider && (
        <Button
          variant={hasPasswords ? undefined : "primary"}
          disabled={isBusy}
          onClick={() => signIn.mutate({ path: "sign-in/social", body: social })}
        >
          Sign in with {provider}
        </Button>
      )}
    </>
  );
}
