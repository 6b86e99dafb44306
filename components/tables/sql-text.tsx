"use client";

import { parseAsStringLiteral, useQueryState } from "nuqs";
import { toast } from "sonner";
import { Button } from "../ui/button";
import { Segments } from "../ui/segments";

/** The model, as it is written and as the engine runs it. */
export function SqlText({ google, engine, ofEngine }: { google: string; engine: string; ofEngine: string }) {
  const [shown, setShown] = useQueryState("sql", parseAsStringLiteral(["google", "engine"]).withDefault("google"));
  const text = shown === "google" ? google : ofEngine;
  return (
    <section className="flex flex-col gap-2" aria-labelledby="sql">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="sql" className="font-semibold">
          Model
        </h2>
        <Segments
          label="Dialect"
          options={[
            { value: "google", words: "GoogleSQL" },
            { value: "engine", words: engine === "duckdb" ? "As DuckDB runs it" : "As BigQuery runs it" },
          ]}
          value={shown}
          onChoose={(dialect) => void setShown(dialect)}
        />
        <Button
          look="quiet"
          onClick={() => void navigator.clipboard.writeText(text).then(() => toast("The model is in the clipboard."))}
        >
          Copy
        </Button>
      </div>
      <pre
        tabIndex={0}
        className="max-h-[60dvh] overflow-auto rounded border border-line bg-raised p-3 text-xs leading-5"
        aria-label="SQL of the model"
      >
        {text}
      </pre>
    </section>
  );
}
