import { type ReactNode, useId } from "react";
import { Card } from "./parts";

interface Props {
  title: string;
  /** Beside the title: what it shows. */
  words?: ReactNode;
  /** Controls at the right. */
  beside?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a page on a surface of its own, named by its heading. */
export function TitledCard({ title, words, beside, className = "px-4 py-3", children }: Props) {
  const id = useId();
  return (
    <Card className="flex min-w-0 flex-col">
      <section aria-labelledby={id} className="flex min-w-0 flex-col">
        <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {words && <p className="text-ink-2">{words}</p>}
          {beside && <div className="ml-auto flex flex-wrap items-center gap-2">{beside}</div>}
        </div>
        <div className={`min-w-0 ${className}`}>{children}</div>
      </section>
    </Card>
  );
}
