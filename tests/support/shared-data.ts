import { existsSync } from "node:fs";
import path from "node:path";

const FOLDER = path.resolve(process.cwd(), "..", "shared", "data");

/** Real NBA data beside the project; tests that need it are skipped, saying so, where it is absent. */
export const hasSharedData = existsSync(path.join(FOLDER, "nba-2025-26", "games.csv"));

export const sharedData = (...parts: string[]): string => path.join(FOLDER, ...parts);

/** Says why a test of real data is skipped, in its name. */
export const realData = (name: string): string =>
  hasSharedData ? name : `${name} (skipped: ../shared/data is absent)`;
