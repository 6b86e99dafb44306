/** The first of a list by commas: "a, b and 2 more". */
export const few = (list: readonly string[], most: number): string =>
  `${list.slice(0, most).join(", ")}${list.length > most ? ` and ${list.length - most} more` : ""}`;
