"use client";

import "./globals.css";

/** What stands in place of the whole dashboard when even its frame fails: it uses none of its parts. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body className="min-h-dvh p-6 font-sans antialiased">
        <main role="alert" className="flex flex-col items-start gap-3">
          <h1 className="text-xl">Fullcourt could not be shown</h1>
          <p>{error.digest ? `The server's log has it under ${error.digest}.` : error.message}</p>
          <button type="button" className="rounded-control border border-line bg-panel px-3 py-1" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
