import Link from "next/link";
import { type ComponentProps, Fragment, type ReactNode, useId } from "react";

const LINK = "text-accent underline underline-offset-2";

export function PageShell({ title, className = "gap-4", children }: ComponentProps<"main"> & { title: string }) {
  return (
    <main className={`flex min-w-0 flex-col p-4 sm:p-6 ${className}`}>
      <h1 className="text-xl font-bold [overflow-wrap:anywhere]">{title}</h1>
      {children}
    </main>
  );
}

/** A part of a page, named by its heading. */
export function Section({ title, beside, children }: { title: string; beside?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="flex min-w-0 flex-col gap-2" aria-labelledby={id}>
      <div className="flex flex-wrap items-center gap-3">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {beside}
      </div>
      {children}
    </section>
  );
}

export const TextLink = ({ className = "", ...props }: ComponentProps<typeof Link>) => (
  <Link className={`${LINK} ${className}`} {...props} />
);

export const TextButton = ({ className = "", ...props }: ComponentProps<"button">) => (
  <button type="button" className={`${LINK} ${className}`} {...props} />
);

export const LINK_BUTTON =
  "inline-flex items-center rounded-md border border-line bg-panel px-3 py-1.5 text-sm font-medium hover:bg-raised";

/** Names, each with what is to say of it; one of which nothing is to say is left out. `className` has the columns. */
export const Details = ({ of, className }: { of: Record<string, ReactNode>; className: string }) => (
  <dl className={`grid gap-x-4 gap-y-1 [overflow-wrap:anywhere] ${className}`}>
    {Object.entries(of).map(
      ([name, words]) =>
        words && (
          <Fragment key={name}>
            <dt className="text-soft">{name}</dt>
            <dd>{words}</dd>
          </Fragment>
        ),
    )}
  </dl>
);

/** What went wrong, in words; nothing where nothing did. */
export const ErrorText = ({ children }: { children: ReactNode }) =>
  children ? (
    <p role="alert" className="text-sm text-(--corrupt)">
      {children}
    </p>
  ) : null;

export const NothingRun = () => (
  <p className="text-soft">
    Nothing has run yet. <TextLink href="/">Look at the coverage</TextLink> and backfill what is missing.
  </p>
);
