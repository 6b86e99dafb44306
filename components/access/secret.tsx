/** A password or token that is shown once. */
export function Secret({ of, text }: { of: string; text: string }) {
  return (
    <p role="status" className="rounded-md border border-line bg-raised p-3 text-sm">
      {of}: <code className="select-all break-all font-bold">{text}</code>. Keep it now: it is not shown again.
    </p>
  );
}
