"use client";

/** What a person sees when a page fails. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="flex flex-col gap-3 p-6">
      <h1 className="text-xl font-bold">This page could not be shown</h1>
      <p role="alert">{error.message || "The server's log says why."}</p>
      <button type="button" className="self-start rounded-md border border-line px-3 py-1.5 text-sm" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
