import { AsyncLocalStorage } from "node:async_hooks";
import type { Actor } from "@/lib/access/roles";

/** What work is being done for: it goes along with everything that the work begins. */
export interface RequestContext {
  actor?: Actor;
  /** Where the request came from. */
  address?: string;
  run?: string;
  task?: string;
}

/** On globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourtScope?: AsyncLocalStorage<RequestContext> };
holder.fullcourtScope ??= new AsyncLocalStorage();
const storage = holder.fullcourtScope;

/** Does work in a scope, within the one that is around it. */
export const runWithContext = <T>(scope: RequestContext, work: () => T): T =>
  storage.run({ ...storage.getStore(), ...scope }, work);

export const currentContext = (): RequestContext => storage.getStore() ?? {};
