import type { Acceptance } from "../api/coverage";

/** True until its expiry date has passed. */
export const isInForce = (acceptance: Pick<Acceptance, "expires">, today: string): boolean =>
  acceptance.expires === null || acceptance.expires >= today;
