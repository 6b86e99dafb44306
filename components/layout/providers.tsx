"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useState } from "react";
import { Toaster } from "sonner";
import type { PipelineManifest } from "@/lib/pipeline/manifest";
import { EventsProvider } from "../runs/use-events";
import { PipelineProvider } from "./pipeline";
import { type Viewer, ViewerProvider } from "./viewer";

/** What every page's client parts share: queries, the URL's state, run events, toasts. */
export function Providers({
  viewer,
  pipeline,
  children,
}: {
  viewer: Viewer | null;
  pipeline: PipelineManifest;
  children: React.ReactNode;
}) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <PipelineProvider value={pipeline}>
          <ViewerProvider value={viewer}>
            {viewer ? <EventsProvider>{children}</EventsProvider> : children}
          </ViewerProvider>
        </PipelineProvider>
      </NuqsAdapter>
      <Toaster position="bottom-right" theme="system" />
    </QueryClientProvider>
  );
}
