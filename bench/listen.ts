import { get } from "node:http";
import type { RunEvent } from "@/lib/api/runs";

/** Reads the events of runs as somebody's open page would, until the given function is called. */
export function listen(url: string, hear: (event: RunEvent) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    get(`${url}/api/events`, { agent: false }, (answer) => {
      let rest = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        const parts = (rest + text).split("\n\n");
        rest = parts.pop() ?? "";
        for (const part of parts) if (part.startsWith("data: ")) hear(JSON.parse(part.slice(6)) as RunEvent);
      });
      answer.once("data", () => resolve(() => answer.destroy()));
    }).on("error", reject);
  });
}
