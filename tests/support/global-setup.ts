import { makeFixturesFolder } from "./fixtures";

/** What Vitest and Playwright do before the first test of a run; gives what they do after the last. */
export default makeFixturesFolder;
