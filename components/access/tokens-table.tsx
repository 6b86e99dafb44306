"use client";

import { useState } from "react";
import { toast } from "sonner";
import { createToken, revokeToken } from "@/app/access/actions";
import type { Role, Token } from "@/lib/access/roles";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Field, Form, Secret } from "../ui/form";
import { Section } from "../ui/parts";
import { Select } from "../ui/select";

const DAYS = ["7", "30", "90", "365"].map((value) => ({ value, words: `${value} days` }));

interface Props {
  tokens: Token[];
  scopes: Role[];
  /** Names of services, for whoever may make their tokens. */
  services: string[];
}

const MINE = { value: "", words: "you" };

export function TokensTable({ tokens, scopes, services }: Props) {
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const [scope, setScope] = useState<Role>("viewer");
  const [of, setOf] = useState("");
  const [days, setDays] = useState("90");
  const create = async (form: HTMLFormElement) => {
    const name = String(new FormData(form).get("name"));
    const result = await createToken({ name, scope, days: Number(days), of: of || undefined });
    if (!result.ok) return toast.error(result.message);
    form.reset();
    setMade({ name, secret: result.value.secret });
  };
  const revoke = async (id: string) => {
    const result = await revokeToken(id);
    if (!result.ok) toast.error(result.message);
  };
  return (
    <Section title="API tokens">
      {made && <Secret of={made.name} text={made.secret} />}
      {tokens.length > 0 && (
        <DataTable
          label="API tokens and their ends"
          className="[&_td]:align-middle"
          rows={tokens}
          rowKey={({ id }) => id}
          columns={[
            ["Name", ({ name }) => name],
            ["Whose", ({ user }) => user],
            ["Scope", (one) => one.scope],
            ["Until", ({ expiresAt }) => expiresAt.slice(0, 10), "whitespace-nowrap"],
            ["Last used", ({ usedAt }) => usedAt?.slice(0, 16).replace("T", " ") ?? "never", "whitespace-nowrap"],
            [
              "Change",
              ({ id, name }) => (
                <Button variant="ghost" aria-label={`Revoke ${name}`} onClick={() => void revoke(id)}>
                  Revoke
                </Button>
              ),
            ],
          ]}
        />
      )}
      <Form onSend={create}>
        <Field label="Name of a new token" name="name" required maxLength={100} />
        {services.length > 0 && (
          <Select
            label="Whose"
            value={of}
            options={[MINE, ...services.map((value) => ({ value, words: value }))]}
            onChoose={setOf}
          />
        )}
        <Select label="Scope" value={scope} options={scopes} onChoose={setScope} />
        <Select label="Good for" value={days} options={DAYS} onChoose={setDays} />
        <Button type="submit">Create</Button>
      </Form>
    </Section>
  );
}
