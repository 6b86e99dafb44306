import { SearchX } from "lucide-react";
import { CoverageLink, EmptyState, PageShell } from "@/components/ui/parts";

export default function NotFound() {
  return (
    <PageShell title="Page not found">
      <EmptyState icon={<SearchX aria-hidden="true" />} title="Nothing has this address." action={<CoverageLink />}>
        A run or a table of that name may have been removed.
      </EmptyState>
    </PageShell>
  );
}
