"use client";

import { useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRef, useState } from "react";
import type { Upload } from "@/lib/api/rows";
import { Button } from "../ui/button";

interface Fault {
  message: string;
  hint?: string;
}

async function answerOf<T>(response: Response): Promise<T> {
  const body = (await response.json()) as T & { error?: Fault };
  if (body.error) throw body.error;
  return body;
}

/** Chooses files, shows what they hold and what is wrong with them, and loads them. */
export function ImportView() {
  const input = useRef<HTMLInputElement>(null);
  const [checked, setChecked] = useState<Upload | null>(null);
  const [loaded, setLoaded] = useState<Record<string, number> | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [strict, setStrict] = useState(false);
  const [over, setOver] = useState(false);
  const client = useQueryClient();

  const doing = async (words: string, work: () => Promise<void>) => {
    setBusy(words);
    setFault(null);
    try {
      await work();
    } catch (error) {
      setFault(error instanceof Error ? { message: error.message } : (error as Fault));
    } finally {
      setBusy(null);
    }
  };
  const check = (files: FileList | null) =>
    files &&
    files.length > 0 &&
    doing(`Reading ${files.length === 1 ? files[0]?.name : `${files.length} files`}…`, async () => {
      setChecked(null);
      setLoaded(null);
      const form = new FormData();
      for (const file of files) form.append("files", file);
      setChecked(await answerOf<Upload>(await fetch("/api/import", { method: "POST", body: form })));
    });
  const load = () =>
    checked &&
    doing("Loading…", async () => {
      const response = await fetch(`/api/import/${checked.id}/load`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ strict }),
      });
      setLoaded((await answerOf<{ written: Record<string, number> }>(response)).written);
      setChecked(null);
      void client.invalidateQueries();
    });
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
          void check(event.dataTransfer.files);
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
          onChange={(event) => void check(event.target.files)}
        />
        <Button look="primary" needs="operator" onClick={() => input.current?.click()} disabled={busy !== null}>
          Choose files
        </Button>
      </section>
      <div aria-live="polite" className="flex flex-col gap-3">
        {busy && <p role="status">{busy}</p>}
        {fault && (
          <div role="alert" className="rounded-md border border-(--corrupt) p-3">
            <p className="whitespace-pre-wrap font-medium text-(--corrupt)">{fault.message}</p>
            {fault.hint && <p className="text-soft">{fault.hint}</p>}
          </div>
        )}
        {loaded && (
          <div className="rounded-md border border-line p-3">
            <p className="font-medium">Loaded.</p>
            <ul className="list-disc pl-5">
              {Object.entries(loaded).map(([table, rows]) => (
                <li key={table}>
                  {table}: {rows.toLocaleString("en-US")} rows new or changed
                </li>
              ))}
            </ul>
            <p>
              <Link className="text-accent underline" href="/">
                Look at the coverage
              </Link>{" "}
              and backfill what these rows make possible.
            </p>
          </div>
        )}
        {checked && <Preview checked={checked} />}
        {checked && (
          <div className="flex flex-wrap items-center gap-4">
            <label className="flex items-center gap-2">
              <input type="checkbox" checked={strict} onChange={(event) => setStrict(event.target.checked)} />
              refuse everything if a row breaks a rule
            </label>
            <Button look="primary" needs="operator" disabled={busy !== null} onClick={() => void load()}>
              Load{" "}
              {Object.values(checked.tables)
                .reduce((sum, rows) => sum + rows, 0)
                .toLocaleString("en-US")}{" "}
              rows
            </Button>
            <Button onClick={() => setChecked(null)}>Not now</Button>
          </div>
        )}
      </div>
    </div>
  );
}

function Preview({ checked }: { checked: Upload }) {
  return (
    <section className="flex flex-col gap-4" aria-label="What the files hold">
      {checked.warnings.length > 0 && (
        <div className="rounded-md border border-line p-3">
          <p className="font-medium">
            {checked.warnings.length} thing{checked.warnings.length === 1 ? "" : "s"} to know
          </p>
          <ul className="list-disc pl-5 text-soft">
            {checked.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {Object.entries(checked.tables).map(([table, rows]) => {
        const first = checked.preview[table] ?? [];
        const names = [...new Set(first.flatMap((row) => Object.keys(row)))];
        return (
          <div key={table} className="flex min-w-0 flex-col gap-1">
            <h2 className="font-semibold">
              {table}: {rows.toLocaleString("en-US")} rows
            </h2>
            <div
              className="overflow-x-auto rounded border border-line"
              tabIndex={0}
              role="region"
              aria-label={`First rows of ${table}`}
            >
              <table className="text-left text-xs">
                <thead className="bg-raised">
                  <tr>
                    {names.map((name) => (
                      <th key={name} scope="col" className="whitespace-nowrap px-2 py-1 font-medium">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {first.map((row, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a preview never move
                    <tr key={index} className="border-t border-line">
                      {names.map((name) => (
                        <td key={name} className="whitespace-nowrap px-2 py-1">
                          {row[name] === null || row[name] === undefined ? "" : String(row[name])}
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </div>
        );
      })}
    </section>
  );
}
