"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { Role, Token } from "@/lib/access";
import type { Answer } from "../data/answer";
import { Button } from "../ui/button";
import { Form } from "../ui/form";
import { PlainTable } from "../ui/plain-table";
import { Select } from "../ui/select";
import { Field } from "./field";
import { Secret } from "./secret";

interface Actions {
  createToken(given: { name: string; scope: Role; days: number }): Promise<Answer<{ secret: string }>>;
  revokeToken(id: string): Promise<Answer<void>>;
}

const DAYS = [7, 30, 90, 365];

/** Tokens for programs, with their end; a new one is shown once. */
export function TokensTable({ tokens, scopes, actions }: { tokens: Token[]; scopes: Role[]; actions: Actions }) {
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const [scope, setScope] = useState<Role>("viewer");
  const [days, setDays] = useState(90);
  const create = async (form: HTMLFormElement) => {
    const name = String(new FormData(form).get("name"));
    const result = await actions.createToken({ name, scope, days });
    if (!result.ok) return toast.error(result.message);
    form.reset();
    setMade({ name, secret: result.value.secret });
  };
  const revoke = async (id: string) => {
    const result = await actions.revokeToken(id);
    if (!result.ok) toast.error(result.message);
  };
  return (
    <section className="flex flex-col gap-3">
      <h2 className="font-bold">API tokens</h2>
      {made && <Secret of={made.name} text={made.secret} />}
      {tokens.length > 0 && (
        <PlainTable label="API tokens" head={["Name", "Whose", "Scope", "Until", "Last used", "Change"]}>
          {tokens.map((one) => (
            <tr key={one.id} className="*:align-middle">
              <td>{one.name}</td>
              <td>{one.user}</td>
              <td>{one.scope}</td>
              <td className="whitespace-nowrap tabular-nums">{one.expiresAt.slice(0, 10)}</td>
              <td className="whitespace-nowrap tabular-nums">
                {one.usedAt?.slice(0, 16).replace("T", " ") ?? "never"}
              </td>
              <td>
                <Button look="quiet" aria-label={`Revoke ${one.name}`} onClick={() => void revoke(one.id)}>
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </PlainTable>
      )}
      <Form onSend={create}>
        <Field label="Name of a new token" name="name" required maxLength={100} />
        <Select label="Scope" value={scope} onChoose={(value) => setScope(value as Role)}>
          {scopes.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
        <Select label="Good for" value={String(days)} onChoose={(value) => setDays(Number(value))}>
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {one} days
            </option>
          ))}
        </Select>
        <Button type="submit">Create</Button>
      </Form>
    </section>
  );
}
