import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { PlanBody, PlanRequest, Problem, RunStatus, StateChange, TaskStatus } from "@/lib/api/runs";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "string" });

/** Accepted and proposed plans: immutable; the id is a hash of request and cells. */
export const plans = pgTable("plans", {
  id: text("id").primaryKey(),
  request: jsonb("request").$type<PlanRequest>().notNull(),
  body: jsonb("body").$type<PlanBody>().notNull(),
  /** Bytes that each task reads by dry run; null where reading costs nothing. */
  bytes: jsonb("bytes").$type<number[] | null>(),
  createdAt: time("created_at").notNull().defaultNow(),
});

/** What has been seen of a warehouse that bills what is read, so that it is not read again. */
export const memories = pgTable("memories", {
  key: text("key").primaryKey(),
  value: jsonb("value").notNull(),
  updatedAt: time("updated_at").notNull().defaultNow(),
});

/** Options of a run that its results depend on; kept for resuming and for the record. */
export interface RunOptions {
  stopOnFailure: boolean;
  skipPreflight: boolean;
  skipDependencyCheck: boolean;
  production: boolean;
}

export const runs = pgTable(
  "runs",
  {
    id: text("id").primaryKey(),
    planId: text("plan_id").notNull(),
    status: text("status").$type<RunStatus>().notNull(),
    /** cli, web, api or demo: who asked. */
    origin: text("origin").notNull(),
    /** Invented history of the demo, marked as such. */
    sample: boolean("sample").notNull().default(false),
    tables: jsonb("tables").$type<string[]>().notNull(),
    start: text("start_date").notNull(),
    end: text("end_date").notNull(),
    cells: integer("cells").notNull(),
    options: jsonb("options").$type<RunOptions>().notNull(),
    startedAt: time("started_at").notNull(),
    endedAt: time("ended_at"),
    rows: bigint("rows", { mode: "number" }).notNull().default(0),
    error: text("error"),
    /** Result of the range check after the run: null before it, then the cells that are not complete. */
    problems: jsonb("problems").$type<Problem[] | null>(),
    /** Seconds that were foretold at the launch; null without history. */
    estimate: doublePrecision("estimate_seconds"),
    /** What the run changed in the grid: cells by their state before and after. */
    changes: jsonb("changes").$type<StateChange[] | null>(),
    /** The process that carries it out, and when it last said so: one that is silent has lost it. */
    owner: text("owner"),
    heartbeatAt: time("heartbeat_at"),
    /** Fresh production dates go before history. */
    priority: integer("priority").notNull().default(0),
    /** Runs that touch the same cells, behind which it waits. */
    behind: jsonb("behind").$type<string[]>().notNull().default([]),
    /** Somebody has asked for its end: its owner hears of it. */
    cancelAsked: boolean("cancel_asked").notNull().default(false),
  },
  (table) => [index("runs_started").on(table.startedAt), index("runs_status").on(table.status)],
);

/** Launches by the key that a client gave them: the same key again is the same run. */
export const launches = pgTable("launches", {
  key: text("key").primaryKey(),
  planId: text("plan_id").notNull(),
  runId: text("run_id"),
  createdAt: time("created_at").notNull().defaultNow(),
});

/** Who may write a partition now: one run at a time, and only while it renews its right. */
export const leases = pgTable(
  "leases",
  {
    table: text("table_name").notNull(),
    date: text("date").notNull(),
    runId: text("run_id").notNull(),
    owner: text("owner").notNull(),
    expiresAt: time("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.table, table.date] })],
);

export const tasks = pgTable(
  "tasks",
  {
    id: serial("id").primaryKey(),
    runId: text("run_id").notNull(),
    seq: integer("seq").notNull(),
    table: text("table_name").notNull(),
    start: text("start_date").notNull(),
    end: text("end_date").notNull(),
    dates: jsonb("dates").$type<string[]>().notNull(),
    reason: text("reason").notNull(),
    status: text("status").$type<TaskStatus>().notNull(),
    /** Dates that were left out since an input failed in this run. */
    skipped: jsonb("skipped").$type<string[]>().notNull().default([]),
    rows: bigint("rows", { mode: "number" }).notNull().default(0),
    startedAt: time("started_at"),
    endedAt: time("ended_at"),
    seconds: doublePrecision("seconds"),
    /** Phases of the work: dependency check, computing, writing partitions. */
    checkSeconds: doublePrecision("check_seconds"),
    computeSeconds: doublePrecision("compute_seconds"),
    writeSeconds: doublePrecision("write_seconds"),
    /** Bytes read and slot seconds used; null where the engine bills neither. */
    bytes: bigint("bytes", { mode: "number" }),
    slotSeconds: doublePrecision("slot_seconds"),
    error: text("error"),
  },
  (table) => [
    index("tasks_run").on(table.runId, table.seq),
    index("tasks_table").on(table.table, table.endedAt),
    // The grid asks for the last tasks: its cost must not grow with how many are kept.
    index("tasks_ended").on(table.endedAt),
  ],
);

/** Gaps that somebody has called known and not to be recovered. */
export const acceptances = pgTable("acceptances", {
  id: text("id").primaryKey(),
  table: text("table_name").notNull(),
  /** Each date with the rows that were there then. */
  cells: jsonb("cells").$type<Record<string, number>>().notNull(),
  reason: text("reason").notNull(),
  by: text("by").notNull(),
  expires: text("expires"),
  createdAt: time("created_at").notNull().defaultNow(),
});

export const logs = pgTable(
  "logs",
  {
    id: serial("id").primaryKey(),
    runId: text("run_id").notNull(),
    at: time("at").notNull().defaultNow(),
    level: text("level").$type<"info" | "warn" | "error">().notNull(),
    message: text("message").notNull(),
  },
  (table) => [index("logs_run").on(table.runId, table.id)],
);
