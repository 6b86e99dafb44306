import { Dialog } from "radix-ui";
import type { ReactNode } from "react";

const WIDTHS = {
  small: "w-[min(28rem,calc(100vw-1.5rem))]",
  medium: "w-[min(40rem,calc(100vw-1.5rem))]",
  large: "w-[min(56rem,calc(100vw-1.5rem))]",
  widest: "w-[min(72.5rem,calc(100vw-1.5rem))]",
};

interface Props {
  title: string;
  /** Its title is heard, not seen. */
  isTitleHidden?: boolean;
  width: keyof typeof WIDTHS;
  className?: string;
  onClose(): void;
  children: ReactNode;
}

/** A dialog over a shaded page, open while it is drawn. */
export function Modal({ title, isTitleHidden = false, width, className = "p-5", onClose, children }: Props) {
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className={`fixed left-1/2 top-1/2 z-50 flex max-h-[90dvh] [&>*]:shrink-0 -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-dialog border border-line bg-panel text-ink shadow-dialog ${WIDTHS[width]} ${className}`}
        >
          <Dialog.Title className={isTitleHidden ? "sr-only" : "text-lg"}>{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
