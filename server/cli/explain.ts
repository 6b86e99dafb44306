import { STATES } from "@/lib/engine/coverage/types";
import { formatState } from "@/lib/engine/view/format-state";
import { explain, TERMS } from "@/lib/engine/view/glossary";
import { FullcourtError } from "@/lib/errors";
import type { Run } from "./command";

/** What a state or another word means; `isCommand`: the command of that name has been shown already. */
export const explainWord =
  (isCommand: boolean): Run<undefined> =>
  async (_none, words, _values, io) => {
    const word = words.join(" ");
    const meaning = explain(word);
    if (!meaning && !isCommand)
      throw new FullcourtError(
        "wrong_usage",
        `There is no word "${word}".`,
        `Words: ${[...STATES.map(formatState), ...Object.keys(TERMS)].join(", ")}.`,
      );
    if (meaning) io.out(`${isCommand ? "\n" : ""}${word}: ${meaning}\n`);
    return 0;
  };
