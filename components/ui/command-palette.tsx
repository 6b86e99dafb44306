"use client";

import { Command as Palette } from "cmdk";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useCallback, useEffect, useState } from "react";
import { addDays, isDate, shortDate } from "@/lib/dates";
import { usePipeline } from "../layout/context";
import { type Command, useCommands, useOffered } from "./commands";
import { Modal } from "./dialog";
import { KeyTables, PAGES } from "./shortcuts";
import { setTheme, THEMES } from "./theme";

interface Entry extends Omit<Command, "id"> {
  value: string;
}

/** Everything that can be done, to be searched (Ctrl K), and the sheet of keys (?). */
export function CommandPalette() {
  const router = useRouter();
  const go = useCallback((to: string) => router.push(to), [router]);
  const { tables } = usePipeline();
  const [open, setOpen] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [search, setSearch] = useState("");
  const offered = useOffered();
  useCommands([
    { id: "shortcuts", words: "Show all keys", keys: "?", run: () => setSheet(true) },
    ...THEMES.map((theme) => ({ id: `theme-${theme}`, words: `Theme: ${theme}`, run: () => setTheme(theme) })),
  ]);

  useEffect(() => {
    let before = "";
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return setOpen((was) => !was);
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") return setSheet(true);
      // G and a letter go to a page, as in many tools.
      if (before === "g") {
        const page = PAGES.find((one) => one.key === event.key.toLowerCase());
        if (page) go(page.path);
      }
      before = event.key.toLowerCase();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [go]);

  const choose = (run: () => void) => {
    setOpen(false);
    setSearch("");
    // The palette gives the focus back before a dialog of the command takes it.
    setTimeout(run, 0);
  };
  const date = search.trim();
  const groups: Array<[heading: string, items: Entry[]]> = [
    ["Do", offered.map((command) => ({ ...command, value: command.words }))],
    [
      "Pages",
      PAGES.map(({ path, name, key }) => ({
        value: `Go to ${name}`,
        words: name,
        keys: `G ${key.toUpperCase()}`,
        run: () => go(path),
      })),
    ],
    [
      "Tables",
      tables.map(({ id, name }) => ({
        value: `table ${id} · ${name}`,
        words: `${id} · ${name}`,
        run: () => go(`/tables/${id}`),
      })),
    ],
  ];
  const item = ({ value, words, keys, run }: Entry) => (
    <Palette.Item
      key={value}
      value={value}
      className="flex cursor-pointer items-center justify-between rounded px-2 py-1.5 data-[selected=true]:bg-raised"
      onSelect={() => choose(run)}
    >
      {words}
      {keys && <kbd className="text-xs text-soft">{keys}</kbd>}
    </Palette.Item>
  );
  return (
    <>
      <button
        type="button"
        className="hidden items-center gap-3 rounded-md border border-line bg-panel px-2.5 py-1 text-sm text-soft hover:bg-raised md:inline-flex"
        onClick={() => setOpen(true)}
      >
        Search or do… <kbd className="font-sans text-xs">Ctrl K</kbd>
      </button>
      <Modal open={open} onOpenChange={setOpen} width="medium" className="p-2">
        <Dialog.Title className="sr-only">Search or do</Dialog.Title>
        <Palette label="Search or do" filter={rank} className="flex flex-col gap-2 text-sm">
          <Palette.Input
            autoFocus
            value={search}
            onValueChange={setSearch}
            placeholder="A page, a table, a date, or something to do"
            className="rounded-md border border-line bg-page px-3 py-2 outline-none"
          />
          <Palette.List className="max-h-[60dvh] overflow-y-auto">
            <Palette.Empty className="p-2 text-soft">Nothing of that name.</Palette.Empty>
            {isDate(date) &&
              item({ value: date, words: `Show ${shortDate(date, true)} in the grid`, run: () => go(around(date)) })}
            {groups.map(([heading, items]) => (
              <Palette.Group key={heading} heading={heading} className="palette-group">
                {items.map(item)}
              </Palette.Group>
            ))}
          </Palette.List>
        </Palette>
      </Modal>
      <Modal open={sheet} onOpenChange={setSheet} width="medium">
        <Dialog.Title className="text-lg font-bold">Keys</Dialog.Title>
        <KeyTables />
      </Modal>
    </>
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

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
