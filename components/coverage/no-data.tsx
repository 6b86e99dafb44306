import Link from "next/link";

/** The first page of an installation that holds nothing yet: what to do. */
export function NoData() {
  return (
    <main className="mx-auto flex max-w-2xl flex-col gap-4 p-6">
      <h1 className="text-xl font-bold">There is no data yet</h1>
      <p>
        <Link className="font-medium text-accent underline underline-offset-2" href="/import">
          Import raw files
        </Link>{" "}
        of your own, or make the demo season, with the gaps of November 2021, on the command line:
      </p>
      <pre className="overflow-x-auto rounded border border-line bg-raised p-3 text-sm">
        {"npm run --silent fullcourt -- demo\nnpm run --silent fullcourt -- import FILE..."}
      </pre>
      <p className="text-soft">Both work while this server runs. Then load this page again.</p>
    </main>
  );
}
