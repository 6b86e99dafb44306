import type { ScheduleView } from "@/lib/api/runs";
import { dateList } from "@/lib/util/dates";
import { TextLink } from "../ui/parts";

export function Schedules({ schedules }: { schedules: ScheduleView[] }) {
  if (schedules.length === 0) return null;
  return (
    <ul aria-label="Scheduled" className="flex flex-col gap-1 rounded-md border border-line p-3 text-sm">
      {schedules.map(({ id, label, pattern, timeZone, next, missed }) => (
        <li key={id}>
          <strong>{label}</strong> runs by itself (<code>{pattern}</code>, {timeZone}),{" "}
          {next ? `next ${next.slice(0, 16).replace("T", " ")} UTC` : "never again"}.{" "}
          {missed.length > 0 && (
            <>
              Missed: {dateList(missed)}.{" "}
              <TextLink href={`/?start=${missed[0]}&end=${missed.at(-1)}`}>Look at them, then backfill</TextLink>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
