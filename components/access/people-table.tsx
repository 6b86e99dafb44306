"use client";

import { useState } from "react";
import { toast } from "sonner";
import { addPerson, setRole as changeRole, newPassword, removePerson } from "@/app/access/actions";
import { type Person, ROLES, type Role } from "@/lib/access/roles";
import type { Answer } from "../data/answer";
import { Button } from "../ui/button";
import { useConfirm } from "../ui/confirm";
import { DataTable } from "../ui/data-table";
import { Checkbox, Field, Form, Secret } from "../ui/form";
import { Section } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";
import { Select } from "../ui/select";

export function PeopleTable({ people, hasPasswords }: { people: Person[]; hasPasswords: boolean }) {
  const [made, setMade] = useState<{ email: string; password: string } | null>(null);
  const [role, setRole] = useState<Role>("viewer");
  const [service, setService] = useState(false);
  /** Shows what went wrong, or the password that came of it. */
  const show = async (email: string, answer: Promise<Answer<{ password: string | null }> | Answer<void>>) => {
    const result = await answer;
    if (!result.ok) toast.error(result.message);
    else if (result.value?.password) setMade({ email, password: result.value.password });
    return result.ok;
  };
  const add = async (form: HTMLFormElement) => {
    const email = String(new FormData(form).get("email"));
    if (await show(email, addPerson({ email, role, service }))) form.reset();
  };
  const { ask, dialog } = useConfirm();
  const replace = (email: string) =>
    ask({
      title: `Create a new password for ${email}?`,
      words: "Their sessions and tokens end immediately.",
      act: "Create a password",
      run: () => show(email, newPassword(email)),
    });
  const remove = (email: string) =>
    ask({
      title: `Remove ${email}?`,
      words: "Their sessions and tokens end immediately, and they cannot sign in until you add them again.",
      act: "Remove",
      run: () => show(email, removePerson(email)),
    });
  return (
    <Section title="People">
      {dialog}
      {made && <Secret of={`Password of ${made.email}`} text={made.password} />}
      <DataTable
        label="People and roles"
        className="[&_td]:align-middle"
        rows={people}
        rowKey={({ email }) => email}
        columns={[
          ["Name", ({ email }) => email],
          ["Kind", ({ isService }) => (isService ? "service" : "person")],
          [
            "Role",
            (one) => (
              <Select
                label={`Role of ${one.email}`}
                isLabelHidden
                value={one.role}
                options={ROLES}
                onChoose={(to) => void show(one.email, changeRole({ ...one, role: to }))}
              />
            ),
          ],
          ["Added", ({ createdAt }) => <RelativeTime at={createdAt} />, "whitespace-nowrap"],
          [
            "Actions",
            ({ email, isService }) => (
              <>
                {hasPasswords && !isService && (
                  <Button variant="ghost" aria-label={`New password for ${email}`} onClick={() => replace(email)}>
                    New password
                  </Button>
                )}
                <Button variant="ghost" aria-label={`Remove ${email}`} onClick={() => remove(email)}>
                  Remove
                </Button>
              </>
            ),
            "whitespace-nowrap",
          ],
        ]}
      />
      <Form onSend={add}>
        {service ? (
          <Field label="Name of a new service" name="email" required pattern="[a-z0-9][a-z0-9._\-]*" maxLength={63} />
        ) : (
          <Field label="Email of a new person" name="email" type="email" required />
        )}
        <Select label="Role" value={role} options={ROLES} onChoose={setRole} />
        <Checkbox label="A service, for programs" checked={service} onCheck={setService} />
        <Button type="submit">Add</Button>
      </Form>
    </Section>
  );
}
