"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, TriangleAlert, Upload } from "lucide-react";
import { useRef, useState } from "react";
import type { Upload as Checked } from "@/lib/api/rows";
import { plural } from "@/lib/engine/view/format";
import { ActionError } from "../data/answer";
import { getJson, postJson } from "../data/get-json";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Checkbox } from "../ui/form";
import { TextLink } from "../ui/parts";

export function ImportView() {
  const input = useRef<HTMLInputElement>(null);
  const [strict, setStrict] = useState(false);
  const [over, setOver] = useState(false);
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: (files: File[]) => {
      const body = new FormData();
      for (const file of files) body.append("files", file, file.webkitRelativePath || file.name);
      return getJson<Checked>("/api/import", { method: "POST", body });
    },
    onMutate: () => load.reset(),
  });
  const load = useMutation({
    mutationFn: (id: string) => postJson<{ written: Record<string, number> }>(`/api/import/${id}/load`, { strict }),
    onSuccess: () => {
      check.reset();
      void client.invalidateQueries();
    },
  });
  const take = (files: FileList | null) => files && files.length > 0 && check.mutate([...files]);
  const { data: checked, variables: files = [] } = check;
  const error = load.error ?? check.error;
  const isBusy = check.isPending || load.isPending;
  return (
    <div className="flex flex-col gap-4 text-sm">
      <section
        aria-label="Files"
        className={`flex flex-col items-center gap-3 rounded-card border-2 border-dashed p-8 text-center ${over ? "border-accent bg-accent-tint" : "border-line bg-panel"}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
      >
        <Upload aria-hidden="true" className="size-6 text-soft" />
        <div>
          <p className="font-semibold">Drop CSV or Parquet files here</p>
          <p className="text-soft">You see a preview before anything is loaded.</p>
        </div>
        <input
          ref={input}
          type="file"
          multiple
          accept=".csv,.gz,.parquet"
          aria-label="Files to import"
          className="sr-only"
          onChange={(event) => take(event.target.files)}
        />
        <Button variant="primary" needs="operator" onClick={() => input.current?.click()} disabled={isBusy}>
          Choose files
        </Button>
      </section>
      <div aria-live="polite" className="flex flex-col gap-3">
        {check.isPending && (
          <p role="status">Reading {files.length === 1 ? files[0]?.name : `${files.length} files`}…</p>
        )}
        {load.isPending && <p role="status">Loading…</p>}
        {error && (
          <div role="alert" className="rounded-md border border-(--corrupt) p-3">
            <p className="whitespace-pre-wrap font-medium text-(--corrupt)">{error.message}</p>
            {error instanceof ActionError && error.hint && <p className="text-soft">{error.hint}</p>}
          </div>
        )}
        {load.data && (
          <div className="rounded-card border border-line bg-panel p-3">
            <p className="flex items-center gap-2 font-medium text-complete-ink">
              <CircleCheck aria-hidden="true" className="size-4" />
              Import complete
            </p>
            <ul className="list-disc pl-5">
              {Object.entries(load.data.written).map(([table, rows]) => (
                <li key={table}>
                  {table}: {plural(rows, "row")} new or changed
                </li>
              ))}
            </ul>
            <p>
              <TextLink href="/">Go to Coverage</TextLink> and backfill the cells that these rows complete.
            </p>
          </div>
        )}
        {checked && (
          <>
            <Preview checked={checked} />
            <div className="flex flex-wrap items-center gap-4">
              <Checkbox label="Load nothing if a row breaks a rule" checked={strict} onCheck={setStrict} />
              <Button variant="primary" needs="operator" disabled={isBusy} onClick={() => load.mutate(checked.id)}>
                Load{" "}
                {plural(
                  Object.values(checked.tables).reduce((sum, rows) => sum + rows, 0),
                  "row",
                )}
              </Button>
              <Button onClick={() => check.reset()}>Cancel</Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Preview({ checked: { warnings, tables, preview } }: { checked: Checked }) {
  return (
    <section className="flex flex-col gap-4" aria-label="Preview">
      {warnings.length > 0 && (
        <div className="rounded-card border border-line bg-panel p-3">
          <p className="flex items-center gap-2 font-medium">
            <TriangleAlert aria-hidden="true" className="size-4 text-downstream-ink" />
            {plural(warnings.length, "warning")}
          </p>
          <ul className="list-disc pl-5 text-soft">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {Object.entries(tables).map(([table, rows]) => {
        const first = preview[table] ?? [];
        const names = [...new Set(first.flatMap((row) => Object.keys(row)))];
        return (
          <div key={table} className="flex min-w-0 flex-col gap-1">
            <h2 className="font-semibold">
              {table}: {plural(rows, "row")}
            </h2>
            <DataTable
              label={`First rows of ${table}`}
              className="whitespace-nowrap"
              rows={first}
              rowKey={(row) => first.indexOf(row)}
              columns={names.map((name) => [name, (row: (typeof first)[number]) => String(row[name] ?? "")] as const)}
            />
          </div>
        );
      })}
    </section>
  );
}
