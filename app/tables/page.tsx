import { TableList } from "@/components/tables/table-list";
import { PageShell } from "@/components/ui/parts";
import { pageContext } from "../session";

export const metadata = { title: "Tables" };

export default async function TablesPage() {
  await pageContext();
  return (
    <PageShell title="Tables">
      <TableList />
    </PageShell>
  );
}
