import type { Job } from "@/lib/processors/types";

/** The job that makes a table, in place of a model. */
export function JobText({ job }: { job: Job | undefined }) {
  if (!job) return null;
  const lines =
    "command" in job
      ? [["Command", typeof job.command === "string" ? job.command : job.command.join(" ")]]
      : [
          ["Start", `POST ${job.start}`],
          ["Poll", `GET ${job.poll}, every ${job.everySeconds} s`],
          ["Cancel", job.cancel ? `POST ${job.cancel}` : "it cannot be cancelled"],
        ];
  return (
    <section className="flex flex-col gap-2 text-sm" aria-labelledby="job">
      <h2 id="job" className="font-semibold">
        Job
      </h2>
      <dl className="grid grid-cols-[8rem_minmax(0,1fr)] gap-y-1">
        {[
          ...lines,
          ["Rows", job.rows === "output" ? "files that it leaves are loaded" : "it writes the table by itself"],
          ["Time limit", `${job.timeoutMinutes} min`],
        ].map(([name, words]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="break-words">{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
