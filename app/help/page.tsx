import type { Metadata } from "next";
import { cellText } from "@/components/coverage/grid/signs";
import { PlainTable } from "@/components/ui/plain-table";
import { SHORTCUTS } from "@/components/ui/shortcuts";
import { decodeCell, stateLetter } from "@/lib/coverage/page";
import { STATES } from "@/lib/coverage/types";
import { stateWord } from "@/lib/coverage/words";
import { STATE_MEANINGS, TERMS } from "@/lib/glossary";
import { pageContext } from "../session";

export const metadata: Metadata = { title: "Help" };

/** Numbers of a cell in each state as it could be found: rows, different, expected, copies. */
const EXAMPLES: Record<(typeof STATES)[number], string> = {
  running: "0.0.241.0",
  failed: "0.0.241.0",
  corrupt: "105.105.105.1",
  duplicated: "24.6.6.4",
  surplus: "250.250.241.1",
  blocked: "0.0.105.0",
  missing: "0.0.241.0",
  partial: "160.160.241.1",
  tainted: "105.105.105.1",
  stale: "105.105.105.1",
  pending: "0",
  bootstrap: "0",
  no_games: "0",
  complete: "241",
};

/** Every state as the grid draws it, and every word, with one meaning each. */
export default async function HelpPage() {
  await pageContext();
  return (
    <main className="flex max-w-5xl flex-col gap-6 p-4 sm:p-6">
      <h1 className="text-xl font-bold">Help</h1>
      <PlainTable label="States" caption="What a cell says" head={["cell", "state", "it means", "what next"]}>
        {[...STATES].reverse().map((state) => {
          const { main, rest } = cellText(decodeCell(`${stateLetter(state)}${EXAMPLES[state]}`, "pgs", "2021-11-16"));
          return (
            <tr key={state} id={state}>
              <td>
                <div
                  data-testid={`cell-${state}`}
                  className={`coverage-cell state state-${state} min-h-8 w-20`}
                  style={{ "--filled": "66%" } as React.CSSProperties}
                >
                  <span className="font-semibold">{main}</span>
                  {rest && <span className="ml-0.5 text-xs">{rest}</span>}
                </div>
              </td>
              <td className="font-semibold">{stateWord(state)}</td>
              <td>{STATE_MEANINGS[state].means}</td>
              <td className="text-soft">{STATE_MEANINGS[state].next}</td>
            </tr>
          );
        })}
      </PlainTable>
      <PlainTable label="Words" caption="Words" head={["word", "it means"]}>
        {Object.entries(TERMS).map(([term, meaning]) => (
          <tr key={term}>
            <td className="whitespace-nowrap font-semibold">{term}</td>
            <td>{meaning}</td>
          </tr>
        ))}
      </PlainTable>
      {SHORTCUTS.groups.map(({ name, keys }) => (
        <PlainTable key={name} label={`Keys: ${name}`} caption={`Keys: ${name}`} head={["key", "what it does"]}>
          {keys.map(([key, words]) => (
            <tr key={key}>
              <td className="whitespace-nowrap font-semibold">{key}</td>
              <td>{words}</td>
            </tr>
          ))}
        </PlainTable>
      ))}
    </main>
  );
}
