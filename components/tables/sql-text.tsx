"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { toast } from "sonner";
import { Button } from "../ui/button";
import { SegmentedControl } from "../ui/select";
import { TitledCard } from "../ui/titled-card";

const ENGINES: Record<string, string> = { duckdb: "DuckDB", bigquery: "BigQuery", postgres: "Postgres" };

export function SqlText({ google, engine, ofEngine }: { google: string; engine: string; ofEngine: string }) {
  const [shown, setShown] = useQueryState("sql", parseAsStringLiteral(["google", "engine"]).withDefault("google"));
  const text = shown === "google" ? google : ofEngine;
  const copy = () => navigator.clipboard.writeText(text).then(() => toast("Copied the model."));
  const dialects = [
    { value: "google", words: "GoogleSQL" },
    { value: "engine", words: `As ${ENGINES[engine] ?? engine} runs it` },
  ] as const;
  return (
    <TitledCard
      title="Model"
      beside={
        <>
          <SegmentedControl label="Dialect" options={dialects} value={shown} onChoose={(one) => void setShown(one)} />
          <Button variant="ghost" onClick={() => void copy()}>
            Copy
          </Button>
        </>
      }
      className=""
    >
      <pre
        tabIndex={0}
        className="max-h-[60dvh] overflow-auto rounded-b-card bg-raised px-4 py-3 text-xs leading-5"
        aria-label="SQL of the model"
      >
        {text}
      </pre>
    </TitledCard>
  );
}
