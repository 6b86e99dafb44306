import type { Acceptance } from "../api/coverage";

export const isInForce = (acceptance: Pick<Acceptance, "expires">, today: string): boolean =>
  acceptance.expires === null || acceptance.expires >= today;
