"use client";

import { createContext, useContext } from "react";
import { mayAct, type Role } from "@/lib/access";

/** Who looks at the page; `signsIn` is false where nobody signs in, as on a laptop. */
export interface Viewer {
  name: string;
  role: Role;
  signsIn: boolean;
}

const ViewerContext = createContext<Viewer | null>(null);

export const ViewerProvider = ViewerContext.Provider;

/** Who looks; null on the sign-in page. */
export const useViewer = (): Viewer | null => useContext(ViewerContext);

/** True where whoever looks may do what needs a role; the server asks again. */
export function useMay(needed: Role): boolean {
  const viewer = useViewer();
  return viewer !== null && mayAct(viewer.role, needed);
}
