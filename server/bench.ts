import type { Io } from "./cli/io";

export async function bench(_args: string[], io: Io): Promise<number> {
  io.err("no benchmark yet\n");
  return 1;
}
