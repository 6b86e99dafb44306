"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useEffect, useState } from "react";
import { toast } from "sonner";
import type { AcceptRequest } from "@/lib/schemas";
import { type Answer, unwrap } from "../data/answer";
import { useViewer } from "../layout/viewer";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import type { CellName } from "./grid/selection";

export interface GapActions {
  acceptGaps(request: AcceptRequest): Promise<Answer<{ accepted: number }>>;
  withdrawGap(id: string): Promise<Answer<void>>;
}

/** Who has accepted gaps in this browser before. */
const NAME_KEY = "fullcourt.name";

/** Asks why and until when, and who where nobody signs in, and accepts the gaps of some cells. */
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
  const client = useQueryClient();
  const viewer = useViewer();
  const isSignedIn = viewer?.signsIn === true;
  useEffect(() => setBy(isSignedIn ? viewer.name : (localStorage.getItem(NAME_KEY) ?? "")), [isSignedIn, viewer]);
  const accept = useMutation({
    mutationFn: () => unwrap(actions.acceptGaps({ cells, reason, by, expires: expires || null })),
    onSuccess: ({ accepted }) => {
      if (!isSignedIn) localStorage.setItem(NAME_KEY, by);
      toast(`${accepted} gaps accepted: they leave counts and plans.`);
      void client.invalidateQueries({ queryKey: ["coverage"] });
      void client.invalidateQueries({ queryKey: ["cell"] });
      onClose();
    },
  });
  const input = "rounded-md border border-line bg-page px-2 py-1.5 text-sm";
  return (
    <form
      className="flex flex-col gap-3 text-sm"
      onSubmit={(event) => {
        event.preventDefault();
        accept.mutate();
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
      {!isSignedIn && (
        <label className="flex flex-col gap-1">
          Your name
          <input
            required
            maxLength={100}
            className={input}
            value={by}
            onChange={(event) => setBy(event.target.value)}
          />
        </label>
      )}
      <label className="flex flex-col gap-1">
        Until (empty: until taken back)
        <input type="date" className={input} value={expires} onChange={(event) => setExpires(event.target.value)} />
      </label>
      {accept.error && (
        <p role="alert" className="text-(--corrupt)">
          {accept.error.message}
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
