"use client";

import { useMutation } from "@tanstack/react-query";
import { Scale } from "lucide-react";
import type { Diff } from "@/lib/api/checks";
import { formatDiff } from "@/lib/engine/view/format-diff";
import { getJson } from "../data/get-json";
import { useTable } from "../layout/context";
import { Button } from "../ui/button";
import { ErrorText } from "../ui/parts";

/** Runs a cell's model again on request, without writing, and says how the rows that are there differ from it. */
export function Recompute({ cell: { table, date } }: { cell: { table: string; date: string } }) {
  const { dateColumn } = useTable(table);
  const compare = useMutation({
    mutationFn: () => getJson<Diff>(`/api/diff?table=${table}&date=${date}`),
  });
  return (
    <div className="flex flex-col gap-2">
      <h3 className="font-semibold">
        Recompute <span className="font-normal text-soft">runs the model again and writes nothing</span>
      </h3>
      <Button needs="operator" className="self-start" disabled={compare.isPending} onClick={() => compare.mutate()}>
        <Scale aria-hidden="true" />
        {compare.isPending ? "Comparing…" : "Compare with the model"}
      </Button>
      <ErrorText>{compare.error?.message}</ErrorText>
      <ul aria-live="polite" className="flex flex-col gap-1 text-ink-2 [overflow-wrap:anywhere]">
        {compare.data?.cells
          .flatMap((one) => formatDiff(one, dateColumn))
          .map((line) => (
            <li key={line}>{line}</li>
          ))}
      </ul>
    </div>
  );
}
