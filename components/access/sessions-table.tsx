"use client";

import { toast } from "sonner";
import { endSession } from "@/app/access/actions";
import { browserOf, type Session } from "@/lib/access/roles";
import { Button } from "../ui/button";
import { useConfirm } from "../ui/confirm";
import { DataTable } from "../ui/data-table";
import { Section } from "../ui/parts";
import { RelativeTime } from "../ui/relative-time";

const minute = (time: string) => time.slice(0, 16).replace("T", " ");

export function SessionsTable({ sessions, current }: { sessions: Session[]; current: string | undefined }) {
  const { ask, dialog } = useConfirm();
  const end = ({ id, user, createdAt }: Session) =>
    ask({
      title: `End the session of ${user}?`,
      words: `It began ${minute(createdAt)} UTC. The browser that holds it has to sign in again.`,
      act: "End session",
      run: async () => {
        const result = await endSession(id);
        if (!result.ok) toast.error(result.message);
      },
    });
  return (
    <Section title="Sessions">
      {dialog}
      <DataTable
        label="Active sessions"
        className="[&_td]:align-middle"
        rows={sessions}
        rowKey={({ id }) => id}
        columns={[
          ["Person", ({ user }) => user],
          ["Signed in", ({ createdAt }) => <RelativeTime at={createdAt} />, "whitespace-nowrap"],
          ["Last used", ({ usedAt }) => <RelativeTime at={usedAt} />, "whitespace-nowrap"],
          ["Address", ({ ipAddress }) => ipAddress || "unknown"],
          [
            "Browser",
            ({ userAgent }) => <span title={userAgent ?? undefined}>{browserOf(userAgent ?? "")}</span>,
            "whitespace-nowrap",
          ],
          [
            "Actions",
            (one) =>
              one.id === current ? (
                <span className="text-soft">this session</span>
              ) : (
                <Button
                  variant="ghost"
                  aria-label={`End the session of ${one.user} since ${minute(one.createdAt)}`}
                  onClick={() => end(one)}
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
