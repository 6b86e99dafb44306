/** A gap that somebody has called known and not to be recovered: one table, some dates. */
export interface Acceptance {
  id: string;
  table: string;
  /** Each date with the rows that were there when it was accepted: when they change, the data has come. */
  cells: Record<string, number>;
  reason: string;
  by: string;
  /** Last date on which it holds; null: until somebody takes it back. */
  expires: string | null;
  createdAt: string;
}

/** What a cell says of its acceptance. `inherited`: it needs work only for gaps that are accepted. */
export interface Accepted {
  id: string;
  reason: string;
  by: string;
  expires: string | null;
  inherited?: boolean;
}

/** True until its expiry date has passed. */
export const isInForce = (acceptance: Pick<Acceptance, "expires">, today: string): boolean =>
  acceptance.expires === null || acceptance.expires >= today;
