import type { DeedRecord } from "@/lib/api/runs";
import { PlainTable } from "../ui/plain-table";

/** What was done, newest first; times in UTC. */
export function AuditLog({ deeds }: { deeds: DeedRecord[] }) {
  if (deeds.length === 0) return <p className="text-sm text-soft">Nothing was done yet.</p>;
  return (
    <PlainTable label="Audit log" head={["When (UTC)", "Who", "By", "What", "On"]}>
      {deeds.map((deed) => (
        <tr key={deed.id}>
          <td className="whitespace-nowrap tabular-nums">{deed.at.slice(0, 19).replace("T", " ")}</td>
          <td>{deed.actor}</td>
          <td>{deed.via}</td>
          <td className="whitespace-nowrap">{deed.deed}</td>
          <td className="min-w-64 break-words">{deed.subject}</td>
        </tr>
      ))}
    </PlainTable>
  );
}
