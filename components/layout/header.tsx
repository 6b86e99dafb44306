"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useActiveRuns } from "../runs/use-events";

const PAGES = [
  { href: "/", name: "Coverage" },
  { href: "/backfills", name: "Backfills" },
  { href: "/timings", name: "Timings" },
];

/** Name, pages, and what is running. */
export function Header() {
  const path = usePathname();
  const running = useActiveRuns();
  return (
    <header className="flex h-12 items-center gap-3 border-b border-line bg-panel px-4 sm:gap-6 sm:px-6">
      <Link href="/" className="text-base font-bold tracking-tight">
        Fullcourt
      </Link>
      <nav aria-label="Pages" className="flex gap-3 text-sm sm:gap-4">
        {PAGES.map(({ href, name }) => {
          const here = href === "/" ? path === "/" : path.startsWith(href);
          return (
            <Link
              key={href}
              href={href}
              aria-current={here ? "page" : undefined}
              className={here ? "font-semibold text-ink" : "text-soft hover:text-ink"}
            >
              {name}
            </Link>
          );
        })}
      </nav>
      <span role="status" className="ml-auto text-sm">
        {running.map((id) => (
          <Link key={id} href={`/backfills/${id}`} className="state state-running rounded px-2 py-0.5 font-medium">
            Running
          </Link>
        ))}
      </span>
    </header>
  );
}
