import { FullcourtError } from "@/lib/errors";
import type { Config } from "../config";
import { formatAddress, isExternal, type WarehouseAddress } from "./address";
import type { Warehouse } from "./types";

const WRITES = ["claim", "replacePartitions", "execute", "loadRaw", "replaceRaw", "clear"] as const;

/** The error of a write to a read-only warehouse. */
export function readOnlyError(config: Pick<Config, "warehouse">): FullcourtError {
  if (isExternal(config.warehouse))
    return new FullcourtError(
      "read_only",
      `${formatAddress(config.warehouse)} is another program's: nothing is written to it from here.`,
      "Have its own program write it, or give its tables jobs that do: docs/jobs.md.",
    );
  return new FullcourtError(
    "read_only",
    "This installation only reads (FULLCOURT_READ_ONLY=true): the warehouse's tables are another program's.",
    "Start it without FULLCOURT_READ_ONLY to write.",
  );
}

/** What a warehouse of another program's tables has for all that is not reading. */
export abstract class ReadOnlyWarehouse {
  protected abstract readonly address: WarehouseAddress;

  private refuse(): Promise<never> {
    return Promise.reject(readOnlyError({ warehouse: this.address }));
  }
  claim = () => this.refuse();
  replacePartitions = () => this.refuse();
  execute = () => this.refuse();
  loadRaw = () => this.refuse();
  replaceRaw = () => this.refuse();
  clear = () => this.refuse();

  /** Reading is not billed. */
  bytesOf(): Promise<null> {
    return Promise.resolve(null);
  }

  /** It is for its own program to copy. */
  copyTo(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

export function readOnly(warehouse: Warehouse, config: Pick<Config, "warehouse">): Warehouse {
  return new Proxy(warehouse, {
    get(target, name) {
      if (WRITES.some((write) => write === name)) return () => Promise.reject(readOnlyError(config));
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
