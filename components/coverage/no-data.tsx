"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { makeDemo } from "@/app/actions";
import { unwrap } from "../data/answer";
import { Button } from "../ui/button";
import { ErrorText, LINK_BUTTON, PageShell } from "../ui/parts";

export function NoData() {
  const router = useRouter();
  const make = useMutation({ mutationFn: () => unwrap(makeDemo()), onSettled: () => router.refresh() });
  return (
    <PageShell title="There is no data yet" className="mx-auto max-w-2xl gap-4">
      <p>Make the demo, with gaps to try everything on, or import raw files of your own.</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="primary" needs="operator" disabled={make.isPending} onClick={() => make.mutate()}>
          Make the demo
        </Button>
        <Link className={LINK_BUTTON} href="/import">
          Import raw files
        </Link>
        <span role="status" className="text-sm text-soft">
          {make.isPending ? "Drawing the league and building ten tables: some ten seconds…" : ""}
        </span>
      </div>
      <ErrorText>{make.error?.message}</ErrorText>
      <p className="text-sm text-soft">The command line does the same while this server runs:</p>
      <pre className="overflow-x-auto rounded border border-line bg-raised p-3 text-sm">
        {"npm run --silent fullcourt -- demo\nnpm run --silent fullcourt -- import FILE..."}
      </pre>
    </PageShell>
  );
}
