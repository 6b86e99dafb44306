"use client";

import { useState } from "react";
import { toast } from "sonner";
import { SHORTEST_PASSWORD } from "@/lib/access";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { Field } from "./field";
import { postAuth } from "./post-auth";

/** A new password for oneself, and the way out. */
export function AccountForms() {
  const [busy, setBusy] = useState(false);
  const change = async (form: HTMLFormElement) => {
    setBusy(true);
    try {
      const values = new FormData(form);
      await postAuth("change-password", {
        currentPassword: values.get("current"),
        newPassword: values.get("new"),
        revokeOtherSessions: true,
      });
      form.reset();
      toast("Your password is changed; your other sessions have ended.");
    } catch (error) {
      toast.error((error as Error).message);
    } finally {
      setBusy(false);
    }
  };
  const signOut = async () => {
    await postAuth("sign-out", {});
    window.location.assign("/sign-in");
  };
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Form onSend={change}>
        <Field label="Current password" name="current" type="password" autoComplete="current-password" required />
        <Field
          label="New password"
          name="new"
          type="password"
          autoComplete="new-password"
          minLength={SHORTEST_PASSWORD}
          required
        />
        <Button type="submit" disabled={busy}>
          Change password
        </Button>
      </Form>
      <Button onClick={() => void signOut()}>Sign out</Button>
    </div>
  );
}
