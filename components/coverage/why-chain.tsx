import type { Why } from "@/lib/api/coverage";
import { shortDate } from "@/lib/util/dates";
import { TextButton } from "../ui/parts";
import { useCoverage } from "./use-coverage";

const EDGES: Record<NonNullable<Why["edge"]>, string> = {
  "same-date": "reads the same date of",
  gate: "waits for",
  lookback: "looks back at",
  raw: "source",
};

/** The way from a cell back to its root causes, step by step; each step leads to its cell. */
export const WhyChain = ({ why }: { why: Why }) =>
  why.because.length === 0 ? <p>{why.words}</p> : <Steps steps={why.because} />;

function Steps({ steps }: { steps: Why[] }) {
  const { show } = useCoverage();
  return (
    <ul className="flex flex-col gap-1.5 border-l-2 border-line pl-3">
      {steps.map((step) => (
        <li key={`${step.table} ${step.date}`} className="flex flex-col gap-1">
          <span>
            <span className="text-xs text-soft">{step.edge ? EDGES[step.edge] : ""}</span>{" "}
            <TextButton className="text-left font-semibold" onClick={() => show(step.date, step.table)}>
              {step.table} of {shortDate(step.date)}
            </TextButton>
            {step.more > 0 && <span className="text-soft"> and {step.more} more</span>}
          </span>
          <span className="text-xs text-soft">{step.words}</span>
          {step.because.length > 0 && <Steps steps={step.because} />}
        </li>
      ))}
    </ul>
  );
}
