"use client";

import { Unplug } from "lucide-react";
import { Button } from "@/components/ui/button";
import { EmptyState, PageShell } from "@/components/ui/parts";

/** What stands in a page's place when it fails; the digest is the name of the error in the server's log. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <PageShell title="This page could not be shown">
      <div role="alert">
        <EmptyState
          icon={<Unplug aria-hidden="true" />}
          title={error.message || "The server could not make this page."}
          action={
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
          }
        >
          {error.digest && (
            <>
              The server's log has it under <code>{error.digest}</code>.
            </>
          )}
        </EmptyState>
      </div>
    </PageShell>
  );
}
