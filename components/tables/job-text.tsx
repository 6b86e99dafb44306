import type { Job } from "@/lib/processors/types";
import { Section } from "../ui/parts";

const linesOf = (job: Job) => [
  ...("command" in job
    ? [["Command", typeof job.command === "string" ? job.command : job.command.join(" ")]]
    : [
        ["Start", `POST ${job.start}`],
        ["Poll", `GET ${job.poll}, every ${job.everySeconds} s`],
        ["Cancel", job.cancel ? `POST ${job.cancel}` : "it cannot be cancelled"],
      ]),
  ["Rows", job.rows === "output" ? "files that it leaves are loaded" : "it writes the table by itself"],
  ["Time limit", `${job.timeoutMinutes} min`],
];

export function JobText({ job }: { job: Job | undefined }) {
  if (!job) return null;
  return (
    <Section title="Job">
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1 text-sm">
        {linesOf(job).map(([name, words]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="break-words">{words}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
