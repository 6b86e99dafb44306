import { Dialog } from "radix-ui";

const WIDTHS = {
  small: "w-[min(28rem,calc(100vw-1.5rem))]",
  medium: "w-[min(40rem,calc(100vw-1.5rem))]",
  large: "w-[min(56rem,calc(100vw-1.5rem))]",
};

interface Props {
  open: boolean;
  onOpenChange(open: boolean): void;
  width: keyof typeof WIDTHS;
  className?: string;
  /** With a Dialog.Title of its own. */
  children: React.ReactNode;
}

/** A dialog over a shaded page. */
export function Modal({ open, onOpenChange, width, className = "p-5", children }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          className={`fixed left-1/2 top-1/2 z-50 flex max-h-[90dvh] [&>*]:shrink-0 -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line bg-panel text-ink shadow-xl ${WIDTHS[width]} ${className}`}
        >
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
