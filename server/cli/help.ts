import { STATES } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { explain, TERMS } from "@/lib/glossary";
import { APART } from "./apart";
import { COMMANDS } from "./commands";
import { helpOf } from "./execute";
import type { Io } from "./io";

function everything(): string {
  const lines = [...COMMANDS.map(({ name, about }) => [name, about] as const), ...APART];
  const width = Math.max(...lines.map(([name]) => name.length));
  return `fullcourt COMMAND [flags]

${lines.map(([name, about]) => `  ${name.padEnd(width)}  ${about}`).join("\n")}

Every command takes --json, --verbose and --help; fullcourt help WORD explains a command, a state of the grid or
another word of the product. Settings are listed in .env.example.
`;
}

/** All commands, or what one of them, a state or another word means. */
export function help(words: readonly string[], io: Pick<Io, "out" | "err">): 0 | 2 {
  const word = words.join(" ");
  const command = COMMANDS.find((one) => one.name === word);
  const meaning = explain(word);
  if (word === "") io.out(everything());
  else if (command) io.out(helpOf(command));
  if (meaning) io.out(`${command ? "\n" : ""}${word}: ${meaning}\n`);
  if (word === "" || command || meaning) return 0;
  io.err(`There is no word "${word}".\nWords: ${[...STATES.map(stateWord), ...Object.keys(TERMS)].join(", ")}.\n`);
  return 2;
}
