import { BigQuery } from "@google-cloud/bigquery";
import type { Column } from "@/lib/engine/pipeline/columns";
import type { Params, Row, Value } from "../types";

export interface Field {
  name: string;
  type: string;
  mode?: string;
}

export function fieldOf({ name, type, description }: Column): Field & { description: string } {
  const element = elementOf(type);
  return { name, type: element ?? type, mode: element ? "REPEATED" : "NULLABLE", description };
}

const elementOf = (type: string): string | undefined => /^ARRAY<(.*)>$/.exec(type)?.[1];

/** A value as the product sees it, from one as the client gives it. */
function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object") return value as Value;
  const wrapped = value as { value?: string; constructor: { name: string } };
  // DATE stays the text that it is: no time zone moves it. TIMESTAMP is an instant.
  if (wrapped.constructor.name === "BigQueryTimestamp") return new Date(wrapped.value as string).toISOString();
  if (typeof wrapped.value === "string") return wrapped.value;
  return Number(String(value));
}

export const rowOf = (row: Record<string, unknown>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)]));

/** A parameter's value as the client wants it. */
function sent(type: string, value: unknown): unknown {
  if (value === null) return null;
  if (type === "DATE") return BigQuery.date(value as string);
  return type === "TIMESTAMP" ? BigQuery.timestamp(value as string) : value;
}

export function sentParams(sql: string, params: Params) {
  const types: Record<string, string | string[]> = {};
  const values: Record<string, unknown> = {};
  for (const [name, { type, value }] of Object.entries(params)) {
    if (!new RegExp(`@${name}\\b`).test(sql)) continue;
    const element = elementOf(type);
    types[name] = element ? [element] : type;
    values[name] = Array.isArray(value) ? value.map((one) => sent(element ?? type, one)) : sent(type, value);
  }
  return { types, params: values };
}
