import { History } from "lucide-react";
import Link from "next/link";
import { type ComponentProps, Fragment, type ReactNode, useId } from "react";

const LINK = "text-link underline underline-offset-2";

export function PageShell({ title, className = "gap-4", children }: ComponentProps<"main"> & { title: string }) {
  return (
    <main className={`flex min-w-0 flex-col p-4 sm:p-5 ${className}`}>
      <h1 className="text-xl font-[640] tracking-tight [overflow-wrap:anywhere]">{title}</h1>
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
        <h2 id={id} className="text-lg">
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
  "inline-flex min-h-8 items-center gap-2 rounded-control border border-line bg-panel px-3 py-1 text-sm font-medium shadow-card hover:bg-raised";

export const CoverageLink = () => (
  <Link href="/" className={LINK_BUTTON}>
    Go to Coverage
  </Link>
);

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
    <p role="alert" className="text-sm text-wrong-ink">
      {children}
    </p>
  ) : null;

/** A surface on the page. @public */
export const Card = ({ className = "p-4", ...props }: ComponentProps<"div">) => (
  <div className={`rounded-card border border-line bg-panel shadow-card ${className}`} {...props} />
);

/** Nothing to show: why, and what to do about it. `icon` is one of lucide's. @public */
export const EmptyState = ({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) => (
  <Card className="flex max-w-xl flex-col items-start gap-3 p-5">
    <span className="flex size-8 items-center justify-center rounded-control bg-raised text-soft [&>svg]:size-4">
      {icon}
    </span>
    <div className="flex flex-col gap-1">
      <p className="font-semibold">{title}</p>
      {children && <div className="text-ink-2">{children}</div>}
    </div>
    {action && <div className="flex flex-wrap gap-2">{action}</div>}
  </Card>
);

/** The place of something that loads, in the size that `className` gives. @public */
export const Skeleton = ({ className = "h-4 w-24" }: { className?: string }) => (
  <span aria-hidden="true" className={`block max-w-full animate-pulse rounded-cell bg-raised ${className}`} />
);

export const NothingRun = () => (
  <EmptyState icon={<History aria-hidden="true" />} title="Nothing has run yet." action={<CoverageLink />}>
    Backfill what is missing: each run shows here with its tasks and log.
  </EmptyState>
);
