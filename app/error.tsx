"use client";

import { Button } from "@/components/ui/button";
import { PageShell } from "@/components/ui/parts";

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <PageShell title="This page could not be shown" className="items-start gap-3">
      <p role="alert">{error.message || "The server's log says why."}</p>
      <Button onClick={reset}>Try again</Button>
    </PageShell>
  );
}
