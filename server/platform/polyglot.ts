import { setFlagsFromString } from "node:v8";

export type { LineageNode } from "@polyglot-sql/sdk";

export type Polyglot = typeof import("@polyglot-sql/sdk");

let loading: Promise<Polyglot> | undefined;

/**
 * The SQL parser and translator, loaded at the first call (0.2 s), and run as it is first compiled. It is 23 MB of
 * WebAssembly: V8 would take a few dozen calls for hot code and optimize its huge functions in the background, up to six
 * seconds of a core and 250 MB in a server's first ten seconds, while queries and the garbage collector wait for the
 * same threads.
 */
export function polyglot(): Promise<Polyglot> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Polyglot> {
  setFlagsFromString("--wasm-tiering-budget=2000000000");
  const sdk = await import(/* turbopackIgnore: true */ "@polyglot-sql/sdk");
  await sdk.init();
  return sdk;
}
