"use client";

import { Database, Ellipsis, Rows3, SunMoon, UserRound } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useSyncExternalStore } from "react";
import { useActiveRuns } from "../runs/use-events";
import { Button } from "../ui/button";
import { CommandPalette } from "../ui/command-palette";
import { Menu } from "../ui/menu";
import { PAGES } from "../ui/shortcuts";
import { DENSITIES, densityStore, setDensity, toggleTheme } from "../ui/theme";
import { Tooltip } from "../ui/tooltip";
import { useNames, useViewer } from "./context";

/** The bar over every page: what is looked at, search, what runs, and who looks. */
export function Header() {
  const viewer = useViewer();
  const names = useNames();
  return (
    <header className="sticky top-0 z-40 -ml-(--rail) flex h-(--top-bar) items-center gap-3 border-b border-line bg-panel pr-3 pl-3 sm:pr-5 sm:pl-[18px]">
      <Link href="/" aria-label="Fullcourt" className="flex shrink-0 items-center rounded-control">
        {/* biome-ignore lint/performance/noImgElement: a drawing of a kilobyte, as it is */}
        <img src="/icon.svg" alt="" width={28} height={28} />
      </Link>
      {names ? (
        <p className="flex min-w-0 items-center gap-2 font-medium sm:pl-2">
          <span className="truncate font-semibold">{names.pipeline}</span>
          <span aria-hidden="true" className="hidden text-soft sm:inline">
            /
          </span>
          <span className="hidden min-w-0 items-center gap-1.5 text-ink-2 sm:flex">
            <Database aria-hidden="true" className="size-4 shrink-0 text-soft" />
            <span className="truncate">{names.warehouse}</span>
          </span>
        </p>
      ) : (
        <span className="text-lg font-semibold">Fullcourt</span>
      )}
      {viewer && (
        <>
          <div className="flex flex-1 justify-end md:justify-center">
            <CommandPalette />
          </div>
          <Running />
          <div className="hidden items-center gap-1 sm:flex">
            <View />
            <Tooltip words="Light or dark">
              <Button variant="ghost" aria-label="Light or dark" className="px-2" onClick={toggleTheme}>
                <SunMoon aria-hidden="true" />
              </Button>
            </Tooltip>
            <Account />
          </div>
        </>
      )}
    </header>
  );
}

function Running() {
  const running = useActiveRuns();
  return (
    <span role="status" className="flex items-center gap-1.5 empty:hidden">
      {running.map((id) => (
        <Link
          key={id}
          href={`/backfills/${id}`}
          className="rounded-full bg-running-tint px-2.5 py-0.5 text-xs font-medium text-running-ink"
        >
          Running
        </Link>
      ))}
    </span>
  );
}

/** How the page is shown. */
function View() {
  const density = useSyncExternalStore(densityStore.subscribe, densityStore.get, densityStore.getOfServer);
  return (
    <Menu
      label="Row height"
      trigger={
        <Button variant="ghost" aria-label="Row height" title="Row height" className="px-2">
          <Rows3 aria-hidden="true" />
        </Button>
      }
      groups={[
        {
          heading: "Row height",
          items: DENSITIES.map((one) => ({
            words: one[0]?.toUpperCase() + one.slice(1),
            isChecked: one === density,
            run: () => setDensity(one),
          })),
        },
      ]}
    />
  );
}

const initialsOf = (name: string): string =>
  name
    .split(/[\s.@_-]+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join("");

/** The page of access, by who is signed in. */
function Account() {
  const viewer = useViewer();
  const path = usePathname();
  const name = viewer?.signsIn ? viewer.name : "Access";
  return (
    <Tooltip words={name}>
      <Link
        href="/access"
        aria-label={name}
        aria-current={path === "/access" ? "page" : undefined}
        className="flex size-7 items-center justify-center rounded-full border border-line bg-accent-tint text-2xs font-semibold text-link"
      >
        {viewer?.signsIn ? initialsOf(viewer.name) : <UserRound aria-hidden="true" className="size-4" />}
      </Link>
    </Tooltip>
  );
}

/** The pages: a rail at the left of a desk, a bar at the foot of a phone. */
export function Navigation() {
  const path = usePathname();
  const isHere = (href: string) => (href === "/" ? path === "/" : path.startsWith(href));
  if (!useViewer()) return null;
  return (
    <nav
      aria-label="Pages"
      className="fixed bottom-0 left-0 z-40 flex border-line bg-panel max-sm:h-(--bottom-bar) max-sm:w-full max-sm:justify-around max-sm:border-t max-sm:pb-[env(safe-area-inset-bottom)] sm:top-(--top-bar) sm:w-(--rail) sm:flex-col sm:gap-1 sm:overflow-y-auto sm:border-r sm:px-1 sm:py-2"
    >
      {PAGES.map(({ path: href, name, icon: Icon, isFirst, isLast }) => (
        <Link
          key={href}
          href={href}
          aria-current={isHere(href) ? "page" : undefined}
          className={`${NAV_ITEM} ${isFirst ? "" : "max-sm:hidden"} ${isLast ? "sm:mt-auto" : ""}`}
        >
          <Icon aria-hidden="true" strokeWidth={1.8} />
          {name}
        </Link>
      ))}
      <Link
        href="/access"
        aria-current={isHere("/access") ? "page" : undefined}
        className={`${NAV_ITEM} max-sm:hidden`}
      >
        <UserRound aria-hidden="true" strokeWidth={1.8} />
        Access
      </Link>
      <Menu
        label="More"
        side="top"
        trigger={
          <button type="button" className={`${NAV_ITEM} sm:hidden`}>
            <Ellipsis aria-hidden="true" strokeWidth={1.8} />
            More
          </button>
        }
        groups={[
          {
            items: [
              ...PAGES.filter(({ isFirst }) => !isFirst).map(({ path: href, name, icon: Icon }) => ({
                words: name,
                href,
                icon: <Icon aria-hidden="true" />,
              })),
              { words: "Access", href: "/access", icon: <UserRound aria-hidden="true" /> },
            ],
          },
          { items: [{ words: "Light or dark", icon: <SunMoon aria-hidden="true" />, run: toggleTheme }] },
        ]}
      />
    </nav>
  );
}

const NAV_ITEM =
  "flex cursor-pointer flex-col items-center justify-center gap-1 rounded-control text-[0.6875rem] leading-4 font-medium text-ink-2 hover:text-ink aria-[current]:text-link max-sm:flex-1 sm:h-[50px] sm:shrink-0 sm:hover:bg-raised sm:aria-[current]:bg-accent-tint sm:aria-[current]:font-semibold [&>svg]:size-5";
