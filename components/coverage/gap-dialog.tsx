"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { acceptGaps } from "@/app/actions";
import { unwrap } from "../data/answer";
import { useViewer } from "../layout/context";
import { Button } from "../ui/button";
import { Modal } from "../ui/dialog";
import { Field, Form, ReasonField } from "../ui/form";
import { ErrorText } from "../ui/parts";
import type { CellName } from "./grid/selection";

/** Who has accepted gaps in this browser before. */
const NAME_KEY = "fullcourt.name";

export function GapDialog({ cells, onClose }: { cells: CellName[]; onClose(): void }) {
  const client = useQueryClient();
  const viewer = useViewer();
  const accept = useMutation({
    mutationFn: (form: HTMLFormElement) => {
      const given = Object.fromEntries(new FormData(form)) as Record<"reason" | "by" | "expires", string>;
      if (!viewer?.signsIn) localStorage.setItem(NAME_KEY, given.by);
      const by = viewer?.signsIn ? viewer.name : given.by;
      return unwrap(acceptGaps({ cells, reason: given.reason, by, expires: given.expires || null }));
    },
    onSuccess: ({ accepted }) => {
      toast(`${accepted} gaps accepted: they leave counts and plans.`);
      void client.invalidateQueries({ queryKey: ["coverage"] });
      void client.invalidateQueries({ queryKey: ["cell"] });
      onClose();
    },
  });
  return (
    <Modal title={`Accept ${cells.length === 1 ? "this gap" : "these gaps"}`} width="small" onClose={onClose}>
      <Form className="flex flex-col gap-3 text-sm" onSend={accept.mutate}>
        <p className="text-soft">
          For data that is known to be lost: the cells stay visible, but leave counts and plans. They return when this
          expires, or when their rows change.
        </p>
        <ReasonField placeholder="The source lost this night's box scores" />
        {!viewer?.signsIn && (
          <Field
            label="Your name"
            name="by"
            required
            maxLength={100}
            defaultValue={localStorage.getItem(NAME_KEY) ?? ""}
          />
        )}
        <Field label="Expires (empty: never)" name="expires" type="date" />
        <ErrorText>{accept.error?.message}</ErrorText>
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit">
            Accept
          </Button>
        </div>
      </Form>
    </Modal>
  );
}
