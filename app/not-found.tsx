import { SearchX } from "lucide-react";
import Link from "next/link";
import { EmptyState, LINK_BUTTON, PageShell } from "@/components/ui/parts";

export default function NotFound() {
  return (
    <PageShell title="Page not found">
      <EmptyState
        icon={<SearchX aria-hidden="true" />}
        title="Nothing has this address."
        action={
          <Link href="/" className={LINK_BUTTON}>
            Go to Coverage
          </Link>
        }
      >
        A run or a table of that name may have been removed.
      </EmptyState>
    </PageShell>
  );
}
