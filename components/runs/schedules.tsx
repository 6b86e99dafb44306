import { CalendarClock } from "lucide-react";
import type { ScheduleView } from "@/lib/api/runs";
import { dateList } from "@/lib/util/dates";
import { Card, TextLink } from "../ui/parts";

export function Schedules({ schedules }: { schedules: ScheduleView[] }) {
  if (schedules.length === 0) return null;
  return (
    <Card className="px-4 py-3">
      <ul aria-label="Scheduled" className="flex flex-col gap-1">
        {schedules.map(({ id, label, pattern, timeZone, next, missed }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-2">
            <CalendarClock aria-hidden="true" className="size-4 text-soft" />
            <span>
              <strong className="font-semibold">{label}</strong> is scheduled: <code>{pattern}</code>, {timeZone};{" "}
              {next ? `next run ${next.slice(0, 16).replace("T", " ")} UTC` : "no next run"}.
            </span>
            {missed.length > 0 && (
              <span>
                Missed: {dateList(missed)}.{" "}
                <TextLink href={`/?start=${missed[0]}&end=${missed.at(-1)}`}>Show them in Coverage</TextLink>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
