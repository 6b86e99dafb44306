/** A key, as it is drawn on buttons, in menus and in search. */
export const Kbd = ({ children }: { children: string }) => (
  <span
    aria-hidden="true"
    className="hidden min-w-5 items-center justify-center rounded border border-current/25 px-1 font-sans text-2xs leading-4 font-medium sm:inline-flex"
  >
    {children}
  </span>
);
