/**
 * How often a property is tried, or for how long: little in `npm test`, much in `npm run test:soak`
 * (SOAK=1), by the same code.
 */
export const budget = (little: number, much: number): number => (process.env.SOAK ? much : little);
