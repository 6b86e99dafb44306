"use client";

import { useState } from "react";
import { toast } from "sonner";
import { type Person, ROLES, type Role } from "@/lib/access";
import type { Answer } from "../data/answer";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { PlainTable } from "../ui/plain-table";
import { Select } from "../ui/select";
import { Field } from "./field";
import { Secret } from "./secret";

interface Actions {
  addPerson(given: { email: string; role: Role }): Promise<Answer<{ password: string }>>;
  setRole(given: { email: string; role: Role }): Promise<Answer<void>>;
  newPassword(email: string): Promise<Answer<{ password: string }>>;
  removePerson(email: string): Promise<Answer<void>>;
}

const options = ROLES.map((role) => <option key={role}>{role}</option>);

/** Everybody who may sign in; for administrators. */
export function PeopleTable({ people, actions }: { people: Person[]; actions: Actions }) {
  const [made, setMade] = useState<{ email: string; password: string } | null>(null);
  const [role, setRole] = useState<Role>("viewer");
  /** Shows what went wrong, or the password that came of it. */
  const show = (email: string, result: Answer<{ password: string }> | Answer<void>) => {
    if (!result.ok) return toast.error(result.message);
    if (result.value) setMade({ email, password: result.value.password });
  };
  const add = async (form: HTMLFormElement) => {
    const email = String(new FormData(form).get("email"));
    const result = await actions.addPerson({ email, role });
    show(email, result);
    if (result.ok) form.reset();
  };
  const remove = async (email: string) => {
    if (window.confirm(`Remove ${email}? Sessions and tokens end at once.`))
      show(email, await actions.removePerson(email));
  };
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-bold">People</h2>
      {made && <Secret of={`Password of ${made.email}`} text={made.password} />}
      <PlainTable label="People" head={["E-mail", "Role", "Since", "Change"]}>
        {people.map((one) => (
          <tr key={one.email} className="*:align-middle">
            <td>{one.email}</td>
            <td>
              <Select
                label={`Role of ${one.email}`}
                isLabelHidden
                value={one.role}
                onChoose={async (value) => show(one.email, await actions.setRole({ ...one, role: value as Role }))}
              >
                {options}
              </Select>
            </td>
            <td className="whitespace-nowrap tabular-nums">{one.createdAt.slice(0, 10)}</td>
            <td className="whitespace-nowrap">
              <Button
                look="quiet"
                aria-label={`New password for ${one.email}`}
                onClick={async () => show(one.email, await actions.newPassword(one.email))}
              >
                New password
              </Button>
              <Button look="quiet" aria-label={`Remove ${one.email}`} onClick={() => void remove(one.email)}>
                Remove
              </Button>
            </td>
          </tr>
        ))}
      </PlainTable>
      <Form onSend={add}>
        <Field label="E-mail of a new person" name="email" type="email" required />
        <Select label="Role" value={role} onChoose={(value) => setRole(value as Role)}>
          {options}
        </Select>
        <Button type="submit">Add</Button>
      </Form>
    </section>
  );
}
