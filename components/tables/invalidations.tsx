"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { toast } from "sonner";
import { invalidateRows, withdrawInvalidation } from "@/app/actions";
import type { Invalidation } from "@/lib/api/coverage";
import { formatDates } from "@/lib/engine/view/format-plan";
import { shortDate, shortMoment } from "@/lib/util/dates";
import { unwrap } from "../data/answer";
import { useViewer } from "../layout/context";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import { Field, Form, ReasonField } from "../ui/form";
import { ErrorText } from "../ui/parts";
import { TitledCard } from "../ui/titled-card";

function datesOf({ start, end }: Invalidation): string {
  if (start && end) return formatDates(start, end);
  if (start) return `from ${shortDate(start, true)}`;
  return end ? `up to ${shortDate(end, true)}` : "all dates";
}

/** Rows of a table that somebody has called outdated by the time at which they were written. */
export function Invalidations({ table, list }: { table: string; list: readonly Invalidation[] }) {
  const [isOpen, setOpen] = useState(false);
  const changed = useChanged();
  const withdraw = useMutation({
    mutationFn: (id: string) => unwrap(withdrawInvalidation(id)),
    onError: ({ message }) => toast.error(message),
    onSettled: changed,
  });
  return (
    <TitledCard
      title="Invalidations"
      beside={
        <Button needs="operator" onClick={() => setOpen(true)}>
          Invalidate rows
        </Button>
      }
    >
      {list.length === 0 && <p className="text-sm text-soft">None in force.</p>}
      <ul className="flex flex-col gap-2 text-sm">
        {list.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center gap-x-3">
            <span>
              Rows written before {shortMoment(one.before)} UTC, {datesOf(one)}: {one.reason}
            </span>
            <span className="text-soft">{one.by}</span>
            <Button
              variant="ghost"
              needs="operator"
              disabled={withdraw.isPending}
              onClick={() => withdraw.mutate(one.id)}
            >
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      {isOpen && <InvalidateDialog table={table} onClose={() => setOpen(false)} />}
    </TitledCard>
  );
}

/** What is to be read again once rows are outdated, or are no more. */
function useChanged() {
  const client = useQueryClient();
  const router = useRouter();
  return () => {
    void client.invalidateQueries();
    router.refresh();
  };
}

function InvalidateDialog({ table, onClose }: { table: string; onClose(): void }) {
  const viewer = useViewer();
  const changed = useChanged();
  const send = useMutation({
    mutationFn: (form: HTMLFormElement) => {
      const given = Object.fromEntries(new FormData(form)) as Record<string, string>;
      const { before = "", start = "", end = "", reason = "", by = viewer?.name ?? "" } = given;
      const request = { before: new Date(before).toISOString(), start: start || null, end: end || null };
      return unwrap(invalidateRows({ table, ...request, reason, by }));
    },
    onSuccess: () => {
      toast(`Rows of ${table} are outdated.`);
      changed();
      onClose();
    },
  });
  return (
    <Modal title={`Invalidate rows of ${table}`} width="small" onClose={onClose}>
      <Form className="flex flex-col gap-3 text-sm" onSend={send.mutate}>
        <p className="text-soft">
          Rows written before a fix are outdated, and so is what was made from them. Nothing is deleted or rebuilt until
          a backfill takes outdated cells.
        </p>
        <Field label="Written before" name="before" type="datetime-local" required />
        <Field label="First date (empty: all)" name="start" type="date" />
        <Field label="Last date (empty: all)" name="end" type="date" />
        <ReasonField placeholder="What was wrong with the rows" />
        {!viewer?.signsIn && <Field label="Your name" name="by" required maxLength={100} />}
        <ErrorText>{send.error?.message}</ErrorText>
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit">
            Invalidate
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
