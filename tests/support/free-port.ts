import { createServer } from "node:net";

/** Ports that no outgoing connection is given (32,768 and up), nor a usual service has. */
const [FIRST, LAST] = [20_000, 32_000];

/** Whether nothing listens on a port of this machine. */
const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });

/** A port for a server that cannot choose its own: drawn from so many that two tests do not meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}
