/** "99.4%": never 100% while something is missing. */
export const formatShare = (share: number): string =>
  `${share === 1 ? "100" : Math.min(99.9, 100 * share).toFixed(1)}%`;
