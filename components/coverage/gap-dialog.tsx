"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import type { AcceptRequest } from "@/lib/schemas";
import type { Answer } from "../data/answer";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import type { CellName } from "./grid/selection";

export interface GapActions {
  acceptGaps(request: AcceptRequest): Promise<Answer<{ accepted: number }>>;
  withdrawGap(id: string): Promise<string | null>;
}

/** Who has accepted gaps in this browser before. */
const NAME_KEY = "fullcourt.name";

/** Asks why, who and until when, and accepts the gaps of some cells. */
export function GapDialog({
  cells,
  actions,
  onClose,
}: {
  cells: CellName[] | null;
  actions: GapActions;
  onClose(): void;
}) {
  return (
    <Modal open={cells !== null} onOpenChange={(open) => !open && onClose()} width="small">
      {cells && <GapForm cells={cells} actions={actions} onClose={onClose} />}
    </Modal>
  );
}

function GapForm({ cells, actions, onClose }: { cells: CellName[]; actions: GapActions; onClose(): void }) {
  const [reason, setReason] = useState("");
  const [by, setBy] = useState("");
  const [expires, setExpires] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const client = useQueryClient();
  useEffect(() => setBy(localStorage.getItem(NAME_KEY) ?? ""), []);
  const accept = async () => {
    const answer = await actions.acceptGaps({ cells, reason, by, expires: expires || null });
    if (!answer.ok) return setFault(answer.message);
    localStorage.setItem(NAME_KEY, by);
    toast(`${answer.value.accepted} gaps accepted: they leave counts and plans.`);
    void client.invalidateQueries({ queryKey: ["coverage"] });
    void client.invalidateQueries({ queryKey: ["cell"] });
    onClose();
  };
  const input = "rounded-md border border-line bg-page px-2 py-1.5 text-sm";
  return (
    <form
      className="flex flex-col gap-3 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        void accept();
      }}
    >
      <Dialog.Title className="text-lg font-bold">Accept {cells.length === 1 ? "this gap" : "these gaps"}</Dialog.Title>
      <p className="text-soft">
        For data that is known to be lost: the cells stay visible, but leave counts and plans. They return when this
        expires, or when their rows change.
      </p>
      <label className="flex flex-col gap-1">
        Why
        <input
          required
          minLength={3}
          maxLength={500}
          className={input}
          value={reason}
          placeholder="The source lost this night's box scores"
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      <label className="flex flex-col gap-1">
        Your name
        <input required maxLength={100} className={input} value={by} onChange={(event) => setBy(event.target.value)} />
      </label>
      <label className="flex flex-col gap-1">
        Until (empty: until taken back)
        <input type="date" className={input} value={expires} onChange={(event) => setExpires(event.target.value)} />
      </label>
      {fault && (
        <p role="alert" className="text-(--corrupt)">
          {fault}
        </p>
      )}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>Not now</Button>
        <Button look="primary" type="submit">
          Accept
        </Button>
      </div>
    </form>
  );
}
