"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import { DropdownMenu } from "radix-ui";
import { Fragment, type ReactNode } from "react";
import { Kbd } from "./kbd";

interface MenuItem {
  words: string;
  icon?: ReactNode;
  keys?: string;
  /** Set for a choice: whether it is the one in force. */
  isChecked?: boolean;
  isDisabled?: boolean;
  /** What it does, or the page it leads to. */
  run?: () => void;
  href?: string;
}

interface Props {
  /** The button that opens it. */
  trigger: ReactNode;
  label: string;
  /** Groups of items, each with a heading where it has one. */
  groups: ReadonlyArray<{ heading?: string; items: readonly MenuItem[] }>;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
}

const ITEM =
  "flex w-full cursor-pointer items-center gap-2 rounded px-2 py-1.5 text-sm outline-none data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50 data-[highlighted]:bg-raised [&>svg]:size-4 [&>svg]:shrink-0";

/** A menu of commands, choices and pages. */
export function Menu({ trigger, label, groups, align = "end", side = "bottom" }: Props) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto rounded-card border border-line bg-panel p-1 text-ink shadow-popover"
        >
          {groups.map(({ heading, items }, at) => (
            <Fragment key={heading ?? at}>
              {at > 0 && <DropdownMenu.Separator className="my-1 h-px bg-line" />}
              {heading && (
                <DropdownMenu.Label className="px-2 pt-1.5 pb-0.5 text-2xs text-soft">{heading}</DropdownMenu.Label>
              )}
              {items.map((item) => (
                <Item key={item.words} {...item} />
              ))}
            </Fragment>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Item({ words, icon, keys, isChecked, isDisabled, run, href }: MenuItem) {
  const inside = (
    <>
      {icon}
      <span className="flex-1">{words}</span>
      {keys && <Kbd>{keys}</Kbd>}
      {isChecked && <Check aria-hidden="true" />}
    </>
  );
  if (href)
    return (
      <DropdownMenu.Item asChild className={ITEM}>
        <Link href={href}>{inside}</Link>
      </DropdownMenu.Item>
    );
  if (isChecked === undefined)
    return (
      <DropdownMenu.Item className={ITEM} disabled={isDisabled} onSelect={run}>
        {inside}
      </DropdownMenu.Item>
    );
  return (
    <DropdownMenu.CheckboxItem className={ITEM} checked={isChecked} disabled={isDisabled} onCheckedChange={run}>
      {inside}
    </DropdownMenu.CheckboxItem>
  );
}
