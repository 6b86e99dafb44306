"use client";

import { toast } from "sonner";
import { endSession } from "@/app/access/actions";
import { browserOf, type Session } from "@/lib/access/roles";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Section } from "../ui/parts";

const minute = (time: string) => time.slice(0, 16).replace("T", " ");

export function SessionsTable({ sessions, current }: { sessions: Session[]; current: string | undefined }) {
  const end = async (id: string) => {
    const result = await endSession(id);
    if (!result.ok) toast.error(result.message);
  };
  return (
    <Section title="Sessions">
      <DataTable
        label="Who is signed in, and since when"
        className="[&_td]:align-middle"
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          ["Whose", ({ user }) => user],
          ["Since (UTC)", ({ createdAt }) => minute(createdAt), "whitespace-nowrap"],
          ["Last used", ({ usedAt }) => minute(usedAt), "whitespace-nowrap"],
          ["From", ({ ipAddress }) => ipAddress || "unknown"],
          [
            "Browser",
            ({ userAgent }) => <span title={userAgent ?? undefined}>{browserOf(userAgent ?? "")}</span>,
            "whitespace-nowrap",
          ],
          [
            "Change",
            ({ id, user, createdAt }) =>
              id === current ? (
                "this one"
              ) : (
                <Button
                  variant="ghost"
                  aria-label={`End the session of ${user} since ${minute(createdAt)}`}
                  onClick={() => void end(id)}
                >
                  End
                </Button>
              ),
            "whitespace-nowrap",
          ],
        ]}
      />
    </Section>
  );
}
