"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { useState } from "react";
import { Toaster } from "sonner";
import { EventsProvider } from "../runs/use-events";

/** What every page's client parts share: queries, the URL's state, run events, toasts. */
export function Providers({ children }: { children: React.ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <EventsProvider>{children}</EventsProvider>
      </NuqsAdapter>
      <Toaster position="bottom-right" theme="system" />
    </QueryClientProvider>
  );
}
