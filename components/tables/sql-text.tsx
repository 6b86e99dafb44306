"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { toast } from "sonner";
import { Button } from "../ui/button";
import { Section } from "../ui/parts";
import { SegmentedControl } from "../ui/select";

export function SqlText({ google, engine, ofEngine }: { google: string; engine: string; ofEngine: string }) {
  const [shown, setShown] = useQueryState("sql", parseAsStringLiteral(["google", "engine"]).withDefault("google"));
  const text = shown === "google" ? google : ofEngine;
  const copy = () => navigator.clipboard.writeText(text).then(() => toast("The model is in the clipboard."));
  const dialects = [
    { value: "google", words: "GoogleSQL" },
    { value: "engine", words: engine === "duckdb" ? "As DuckDB runs it" : "As BigQuery runs it" },
  ] as const;
  return (
    <Section
      title="Model"
      beside={
        <>
          <SegmentedControl label="Dialect" options={dialects} value={shown} onChoose={(one) => void setShown(one)} />
          <Button variant="ghost" onClick={() => void copy()}>
            Copy
          </Button>
        </>
      }
    >
      <pre
        tabIndex={0}
        className="max-h-[60dvh] overflow-auto rounded border border-line bg-raised p-3 text-xs leading-5"
        aria-label="SQL of the model"
      >
        {text}
      </pre>
    </Section>
  );
}
