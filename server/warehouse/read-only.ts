import { FullcourtError } from "@/lib/errors";
import type { Warehouse } from "./types";

const WRITES = ["claim", "replacePartitions", "execute", "loadRaw", "replaceRaw", "clear"] as const;

/** The error of a write to a read-only warehouse. */
export const readOnlyError = (): FullcourtError =>
  new FullcourtError(
    "read_only",
    "This installation only reads (FULLCOURT_READ_ONLY=true): the warehouse's tables are another program's.",
    "Start it without FULLCOURT_READ_ONLY to write.",
  );

export function readOnly(warehouse: Warehouse): Warehouse {
  return new Proxy(warehouse, {
    get(target, name) {
      if (WRITES.some((write) => write === name)) return () => Promise.reject(readOnlyError());
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
