"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Upload } from "@/lib/api/rows";
import { ActionError } from "../data/answer";
import { getJson, postJson } from "../data/get-json";
import { Button } from "../ui/button";
import { DataTable } from "../ui/data-table";
import { Checkbox } from "../ui/form";
import { TextLink } from "../ui/parts";

const rowsWords = (rows: number) => `${rows.toLocaleString("en-US")} rows`;

export function ImportView() {
  const input = useRef<HTMLInputElement>(null);
  const [strict, setStrict] = useState(false);
  const [over, setOver] = useState(false);
  const client = useQueryClient();
  const check = useMutation({
    mutationFn: (files: File[]) => {
      const body = new FormData();
      for (const file of files) body.append("files", file, file.webkitRelativePath || file.name);
      return getJson<Upload>("/api/import", { method: "POST", body });
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
        className={`flex flex-col items-center gap-3 rounded-lg border-2 border-dashed p-8 text-center ${over ? "border-accent bg-raised" : "border-line"}`}
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
        <p>Drop CSV or Parquet files here, or choose them. Nothing is loaded before you have seen what they hold.</p>
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
          <div className="rounded-md border border-line p-3">
            <p className="font-medium">Loaded.</p>
            <ul className="list-disc pl-5">
              {Object.entries(load.data.written).map(([table, rows]) => (
                <li key={table}>
                  {table}: {rowsWords(rows)} new or changed
                </li>
              ))}
            </ul>
            <p>
              <TextLink href="/">Look at the coverage</TextLink> and backfill what these rows make possible.
            </p>
          </div>
        )}
        {checked && (
          <>
            <Preview checked={checked} />
            <div className="flex flex-wrap items-center gap-4">
              <Checkbox label="refuse everything if a row breaks a rule" checked={strict} onCheck={setStrict} />
              <Button variant="primary" needs="operator" disabled={isBusy} onClick={() => load.mutate(checked.id)}>
                Load {rowsWords(Object.values(checked.tables).reduce((sum, rows) => sum + rows, 0))}
              </Button>
              <Button onClick={() => check.reset()}>Not now</Button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function Preview({ checked: { warnings, tables, preview } }: { checked: Upload }) {
  return (
    <section className="flex flex-col gap-4" aria-label="What the files hold">
      {warnings.length > 0 && (
        <div className="rounded-md border border-line p-3">
          <p className="font-medium">
            {warnings.length} thing{warnings.length === 1 ? "" : "s"} to know
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
              {table}: {rowsWords(rows)}
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
