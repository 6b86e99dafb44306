"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { useActiveRuns } from "../runs/use-events";
import { CommandPalette } from "../ui/command-palette";
import { PAGES } from "../ui/shortcuts";
import { toggleTheme } from "../ui/theme";
import { useViewer } from "./context";

export function Header() {
  const path = usePathname();
  const viewer = useViewer();
  const running = useActiveRuns();
  if (!viewer)
    return <header className="min-h-12 border-b border-line bg-panel px-4 py-2.5 font-bold sm:px-6">Fullcourt</header>;
  return (
    <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-0.5 border-b border-line bg-panel px-4 py-1.5 sm:gap-x-6 sm:px-6">
      <Link href="/" className="text-base font-bold tracking-tight">
        Fullcourt
      </Link>
      <nav
        aria-label="Pages"
        className="order-last flex w-full gap-x-3 overflow-x-auto text-sm sm:order-none sm:w-auto sm:gap-x-4"
      >
        {PAGES.map(({ path: href, name }) => {
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
      <div className="ml-auto flex items-center gap-3">
        <span role="status" className="text-sm">
          {running.map((id) => (
            <Link key={id} href={`/backfills/${id}`} className="state state-running rounded px-2 py-0.5 font-medium">
              Running
            </Link>
          ))}
        </span>
        <Link
          href="/access"
          aria-current={path === "/access" ? "page" : undefined}
          className="max-w-40 truncate text-sm text-soft hover:text-ink"
        >
          {viewer.signsIn ? viewer.name : "Access"}
        </Link>
        <button
          type="button"
          aria-label="Light or dark"
          title="Light or dark"
          className="rounded-md px-2 py-1 text-sm text-soft hover:bg-raised hover:text-ink"
          onClick={toggleTheme}
        >
          ◐
        </button>
        <CommandPalette />
      </div>
    </header>
  );
}
