"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { createToken, revokeToken } from "@/app/access/actions";
import type { Role, Token } from "@/lib/access/roles";
import { plural } from "@/lib/engine/view/format";
import { Button } from "../ui/button";
import { useConfirm } from "../ui/confirm";
import { DataTable } from "../ui/data-table";
import { Field, Form, Secret } from "../ui/form";
import { EmptyState, Section } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";
import { Select } from "../ui/select";
import { useNow } from "../ui/use-now";

const DAYS = ["7", "30", "90", "365"].map((value) => ({ value, words: `${value} days` }));

interface Props {
  tokens: Token[];
  scopes: Role[];
  /** Names of services whose tokens the viewer can create. */
  services: string[];
}

const MINE = { value: "", words: "you" };

/** "in 89 days", with the exact moment on hover. */
function Expiry({ at }: { at: string }) {
  const now = useNow(60_000);
  const days = Math.ceil((Date.parse(at) - now) / 86_400_000);
  return (
    <time dateTime={at} title={`${at.slice(0, 10)} ${at.slice(11, 19)} UTC`}>
      {now === 0 ? at.slice(0, 10) : days > 0 ? `in ${plural(days, "day")}` : "expired"}
    </time>
  );
}

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
  const { ask, dialog } = useConfirm();
  const revoke = ({ id, name }: Token) =>
    ask({
      title: `Revoke ${name}?`,
      words: "Programs that use this token are refused immediately.",
      act: "Revoke",
      run: async () => {
        const result = await revokeToken(id);
        if (!result.ok) toast.error(result.message);
      },
    });
  return (
    <Section title="API tokens">
      {dialog}
      {made && <Secret of={made.name} text={made.secret} />}
      {tokens.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden="true" />} title="No API tokens yet.">
          Programs use a token to call the API. It has a role and an expiry date, and you can revoke it at any time.
        </EmptyState>
      ) : (
        <DataTable
          label="Active API tokens"
          className="[&_td]:align-middle"
          rows={tokens}
          rowKey={({ id }) => id}
          columns={[
            ["Name", ({ name }) => name],
            ["Owner", ({ user }) => user],
            ["Scope", (one) => one.scope],
            ["Expires", ({ expiresAt }) => <Expiry at={expiresAt} />, "whitespace-nowrap"],
            ["Last used", ({ usedAt }) => (usedAt ? <RelativeTime at={usedAt} /> : "never"), "whitespace-nowrap"],
            [
              "Actions",
              (one) => (
                <Button variant="ghost" aria-label={`Revoke ${one.name}`} onClick={() => revoke(one)}>
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
            label="Owner"
            value={of}
            options={[MINE, ...services.map((value) => ({ value, words: value }))]}
            onChoose={setOf}
          />
        )}
        <Select label="Scope" value={scope} options={scopes} onChoose={setScope} />
        <Select label="Expires in" value={days} options={DAYS} onChoose={setDays} />
        <Button type="submit">Create token</Button>
      </Form>
    </Section>
  );
}
