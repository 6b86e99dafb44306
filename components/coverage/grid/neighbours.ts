/** Neighbours that have a key in common, in groups: where each begins, and how many they are. */
export function neighbours<T, K>(items: readonly T[], keyOf: (item: T) => K) {
  const groups: Array<{ key: K; from: number; count: number }> = [];
  for (const [from, item] of items.entries()) {
    const last = groups.at(-1);
    if (last && last.key === keyOf(item)) last.count++;
    else groups.push({ key: keyOf(item), from, count: 1 });
  }
  return groups;
}
