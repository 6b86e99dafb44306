"use client";

import { toast } from "sonner";
import { SHORTEST_PASSWORD } from "@/lib/access/roles";
import { Button } from "../ui/button";
import { Field, Form } from "../ui/form";
import { useAuthPost } from "./use-auth-post";

export function AccountForms({ hasPassword }: { hasPassword: boolean }) {
  const change = useAuthPost(() => toast("Password changed. Your other sessions and your tokens have ended."));
  const signOut = useAuthPost(() => window.location.assign("/sign-in"));
  const send = (form: HTMLFormElement) => {
    const { current, new: newPassword } = Object.fromEntries(new FormData(form));
    const body = { currentPassword: current, newPassword };
    change.mutate(
      { path: "change-password", body },
      { onSuccess: () => form.reset(), onError: ({ message }) => toast.error(message) },
    );
  };
  const password = { type: "password", required: true };
  return (
    <div className="flex flex-wrap items-end gap-3">
      {hasPassword && (
        <Form onSend={send}>
          <Field label="Current password" name="current" autoComplete="current-password" {...password} />
          <Field
            label="New password"
            name="new"
            autoComplete="new-password"
            minLength={SHORTEST_PASSWORD}
            {...password}
          />
          <Button type="submit" disabled={change.isPending}>
            Change password
          </Button>
        </Form>
      )}
      <Button onClick={() => signOut.mutate({ path: "sign-out", body: {} })}>Sign out</Button>
    </div>
  );
}
