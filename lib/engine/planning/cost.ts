const TIB = 2 ** 40;

export const dollarsOf = (bytes: number, pricePerTib: number): number => (bytes / TIB) * pricePerTib;

/** "1.4 GiB", "310 MiB", "2.1 TiB": as the warehouse bills them. */
export function bytesWords(bytes: number): string {
  const mib = bytes / 2 ** 20;
  if (mib >= 2 ** 20) return `${(mib / 2 ** 20).toFixed(1)} TiB`;
  return mib >= 1024 ? `${(mib / 1024).toFixed(1)} GiB` : `${Math.max(1, Math.round(mib))} MiB`;
}

/** "$0.08", "under $0.01". */
export const dollarWords = (dollars: number): string => (dollars < 0.01 ? "under $0.01" : `$${dollars.toFixed(2)}`);

/** Why a run of so many bytes may not begin; null where it may. */
export function overLimit(bytes: number | null, limit: number | undefined, pricePerTib: number): string | null {
  if (bytes === null || limit === undefined || bytes <= limit) return null;
  const cost = dollarWords(dollarsOf(bytes, pricePerTib));
  return `The plan would read ${bytesWords(bytes)} (about ${cost}); a run may read ${bytesWords(limit)} at most (BIGQUERY_MAX_BYTES_PER_RUN).`;
}

/** Above so many cells, or dollars, a backfill is confirmed a second time on the page. */
export interface ConfirmLimits {
  cells: number;
  dollars: number;
}

/** Why a backfill is to be confirmed a second time, naming the setting; null where it is not. */
export function whyConfirm(cells: number, dollars: number | null, limits: ConfirmLimits): string | null {
  if (cells > limits.cells)
    return `This backfill builds ${cells.toLocaleString("en-US")} cells, more than ${limits.cells.toLocaleString("en-US")} (FULLCOURT_CONFIRM_CELLS).`;
  if (dollars !== null && dollars > limits.dollars)
    return `This backfill costs about ${dollarWords(dollars)}, more than ${dollarWords(limits.dollars)} (FULLCOURT_CONFIRM_DOLLARS).`;
  return null;
}
