import { FullcourtError } from "@/lib/errors";
import { retry } from "../platform/retry";
import type { Io } from "./io";

/** One piece of a command's output on its way from the server, a line of JSON each. */
export type Piece = { out: string } | { err: string } | { progress: string } | { exit: number };

/** How long a server that has taken the home may still be starting. */
const START_MS = 10_000;
const PAUSE_MS = 200;

/** Posts the command; a server that does not listen yet is given a moment. */
function send(server: { url: string; token: string }, argv: string[], io: Io): Promise<Response> {
  const post = () =>
    fetch(`${server.url}/api/cli`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
      body: JSON.stringify({ argv, cwd: io.cwd }),
      signal: io.signal,
    });
  const mayPass = (error: unknown) =>
    ((error as Error).cause as { code?: string } | undefined)?.code === "ECONNREFUSED";
  return retry(post, { max: START_MS / PAUSE_MS, pauseMs: () => PAUSE_MS, mayPass, signal: io.signal }).catch(
    (error) => {
      throw new FullcourtError(
        "server_unreachable",
        `The dashboard holds this home but does not answer at ${server.url}: ${(error as Error).message}`,
        "Wait until it is up, or stop it.",
      );
    },
  );
}

/**
 * Sends a command to the server that holds the home, which runs the same function, and
 * writes what comes back. An interrupt ends the command there as here: the server sees
 * the connection close.
 */
export async function forward(server: { url: string; token: string }, argv: string[], io: Io): Promise<number> {
  const response = await send(server, argv, io);
  if (!response.ok || !response.body) {
    throw new FullcourtError(
      "server_refused",
      `The dashboard at ${server.url} refused the command (${response.status}).`,
      "Stop it and start it again.",
    );
  }
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) {
      const piece = JSON.parse(line) as Piece;
      if ("out" in piece) io.out(piece.out);
      else if ("err" in piece) io.err(piece.err);
      else if ("progress" in piece) io.progress(piece.progress);
      else return piece.exit;
    }
  }
  throw new FullcourtError(
    "server_gone",
    "The dashboard went away before the command ended.",
    "`fullcourt runs` shows how far it came.",
  );
}
