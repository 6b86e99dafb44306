"use client";

import { Command as Palette } from "cmdk";
import { Search as SearchIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { addDays, isDate, shortDate } from "@/lib/util/dates";
import { usePipeline } from "../layout/context";
import { type Command, isTyping, offeredCommands, useCommands } from "./commands";
import { Modal } from "./dialog";
import { Kbd } from "./kbd";
import { KeyTables, PAGES } from "./shortcuts";
import { setTheme, THEMES } from "./theme";

interface Entry extends Omit<Command, "id"> {
  value: string;
}

/** Everything that can be done, to be searched (Ctrl K), and the sheet of keys (?). */
export function CommandPalette() {
  const router = useRouter();
  const [open, setOpen] = useState<"search" | "keys" | null>(null);
  const close = () => setOpen(null);
  useCommands([
    { id: "shortcuts", words: "Show all keys", keys: "?", run: () => setOpen("keys") },
    ...THEMES.map((theme) => ({ id: `theme-${theme}`, words: `Theme: ${theme}`, run: () => setTheme(theme) })),
  ]);

  useEffect(() => {
    let before = "";
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return setOpen((was) => (was === "search" ? null : "search"));
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target as Element)) return;
      if (event.key === "?") return setOpen("keys");
      // G and a letter go to a page, as in many tools.
      if (before === "g") {
        const page = PAGES.find((one) => one.key === event.key.toLowerCase());
        if (page) router.push(page.path);
      }
      before = event.key.toLowerCase();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router]);

  return (
    <>
      <button
        type="button"
        aria-label="Search or run a command"
        className="flex h-8 cursor-pointer items-center gap-2 rounded-control px-2 text-soft hover:bg-raised md:w-full md:max-w-84 md:border md:border-line md:bg-page"
        onClick={() => setOpen("search")}
      >
        <SearchIcon aria-hidden="true" className="size-4 shrink-0" />
        <span className="hidden flex-1 text-left md:inline">Search or run a command…</span>
        <span className="hidden md:inline">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      {open === "search" && <Search onClose={close} />}
      {open === "keys" && (
        <Modal title="Keys" width="medium" onClose={close}>
          <KeyTables />
        </Modal>
      )}
    </>
  );
}

function Search({ onClose }: { onClose(): void }) {
  const router = useRouter();
  const { tables } = usePipeline();
  const [search, setSearch] = useState("");
  const date = search.trim();
  const goTo = (value: string, words: string, path: string, keys?: string): Entry => ({
    value,
    words,
    keys,
    run: () => router.push(path),
  });
  const groups: Array<[heading: string, items: Entry[]]> = [
    ["Commands", offeredCommands().map((command) => ({ ...command, value: command.words }))],
    ["Pages", PAGES.map(({ path, name, key }) => goTo(`Go to ${name}`, name, path, `G ${key.toUpperCase()}`))],
    ["Tables", tables.map(({ id, name }) => goTo(`table ${id} · ${name}`, `${id} · ${name}`, `/tables/${id}`))],
  ];
  const item = ({ value, words, keys, run }: Entry) => (
    <Palette.Item
      key={value}
      value={value}
      className="flex cursor-pointer items-center justify-between rounded px-2 py-1.5 data-[selected=true]:bg-raised"
      onSelect={() => {
        onClose();
        // The palette gives the focus back before a dialog of the command takes it.
        setTimeout(run, 0);
      }}
    >
      {words}
      {keys && <Kbd>{keys}</Kbd>}
    </Palette.Item>
  );
  return (
    <Modal title="Search or run a command" isTitleHidden width="medium" className="p-2" onClose={onClose}>
      <Palette label="Search or run a command" filter={rank} className="flex flex-col gap-2 text-sm">
        <Palette.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder="A page, a table, a date or a command"
          className="rounded-control border border-line bg-page px-3 py-2 outline-none"
        />
        <Palette.List className="max-h-[60dvh] overflow-y-auto">
          <Palette.Empty className="p-2 text-soft">No results.</Palette.Empty>
          {isDate(date) && item(goTo(date, `Show ${shortDate(date, true)} in the grid`, around(date)))}
          {groups.map(([heading, items]) => (
            <Palette.Group
              key={heading}
              value={heading}
              heading={<span className="block px-2 pt-2 pb-0.5 text-xs text-soft">{heading}</span>}
            >
              {items.map(item)}
            </Palette.Group>
          ))}
        </Palette.List>
      </Palette>
    </Modal>
  );
}

/** Every word must be there; what begins with the search goes first. */
function rank(value: string, search: string): number {
  const [text, words] = [value.toLowerCase(), search.toLowerCase().trim()];
  if (!words.split(/\s+/).every((word) => text.includes(word))) return 0;
  return text.startsWith(words) ? 1 : text.includes(words) ? 0.8 : 0.5;
}

/** The grid with a fortnight around a date. */
const around = (date: string) => `/?start=${addDays(date, -8)}&end=${addDays(date, 7)}`;
