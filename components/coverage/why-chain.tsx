import type { Why } from "@/lib/api/coverage";
import { formatRootCauses } from "@/lib/engine/view/format-state";
import { shortDate } from "@/lib/util/dates";
import { TextButton } from "../ui/parts";
import { useCoverage } from "./use-coverage";

const EDGES: Record<NonNullable<Why["edge"]>, string> = {
  "same-date": "reads the date's",
  gate: "waits for",
  lookback: "looks back at",
  raw: "raw source",
};

const nameOf = ({ table, date }: Why) => `${table} of ${shortDate(date)}`;

export function WhyChain({ why }: { why: Why }) {
  if (why.because.length === 0) return <p>{why.words}</p>;
  return (
    <div className="flex flex-col gap-1.5">
      <p>
        It begins with <strong>{formatRootCauses(why).join(" and ")}</strong>.
      </p>
      <Steps steps={why.because} />
    </div>
  );
}

function Steps({ steps }: { steps: Why[] }) {
  const { show } = useCoverage();
  return (
    <ul className="flex flex-col gap-1.5 border-l-2 border-line pl-3">
      {steps.map((step) => (
        <li key={`${step.table} ${step.date}`} className="flex flex-col gap-1">
          <span>
            <span className="text-xs text-soft">{step.edge ? EDGES[step.edge] : ""}</span>{" "}
            <TextButton className="text-left font-semibold" onClick={() => show(step.date, step.table)}>
              {nameOf(step)}
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
