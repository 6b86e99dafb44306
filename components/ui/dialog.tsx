import { Dialog } from "radix-ui";

/** The shade behind a dialog. */
export const Overlay = () => <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40" />;

/** The look of a dialog's box, so wide at most. */
export const dialogClass = (width: string): string =>
  `fixed left-1/2 top-1/2 z-50 flex max-h-[90dvh] [&>*]:shrink-0 -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line bg-panel p-5 text-ink shadow-xl ${WIDTHS[width]}`;

const WIDTHS: Record<string, string> = {
  "28rem": "w-[min(28rem,calc(100vw-1.5rem))]",
  "40rem": "w-[min(40rem,calc(100vw-1.5rem))]",
  "56rem": "w-[min(56rem,calc(100vw-1.5rem))]",
};
