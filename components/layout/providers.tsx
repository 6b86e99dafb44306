"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ComponentProps, useState } from "react";
import { Toaster } from "sonner";
import { EventsProvider } from "../runs/use-events";
import { PageContext } from "./context";

export function Providers({ value, children }: ComponentProps<typeof PageContext>) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 30_000, refetchOnWindowFocus: false } } }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <PageContext value={value}>{value.viewer ? <EventsProvider>{children}</EventsProvider> : children}</PageContext>
      </NuqsAdapter>
      <Toaster position="bottom-right" theme="system" />
    </QueryClientProvider>
  );
}
