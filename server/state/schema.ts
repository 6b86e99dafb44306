import type { Generated, Insertable, Selectable } from "kysely";
import type { Role } from "@/lib/access";
import type { Alert, Incident } from "@/lib/alerts";
import type { PlanBody, PlanRequest, Problem, RunStatus, StateChange, TaskStatus } from "@/lib/api/runs";
import type { CellState } from "@/lib/coverage/cell-states";

/**
 * The tables of the state, the same on both engines: times are ISO 8601 text in UTC, booleans 0 and 1, JSON is
 * text. Columns are these names in snake case. migrations.ts makes them; codec.ts translates.
 */
export interface Tables {
  plans: PlansTable;
  memories: MemoriesTable;
  runs: RunsTable;
  launches: LaunchesTable;
  leases: LeasesTable;
  tasks: TasksTable;
  troubles: TroublesTable;
  acceptances: AcceptancesTable;
  logs: LogsTable;
  users: UsersTable;
  sessions: SessionsTable;
  accounts: AccountsTable;
  verifications: VerificationsTable;
  rateLimits: RateLimitsTable;
  tokens: TokensTable;
  audit: AuditTable;
  cellChanges: CellChangesTable;
  alertsOutbox: AlertsOutboxTable;
  incidents: IncidentsTable;
}

/** Columns that hold JSON, by name: such a name is JSON, or a number, in every table. */
export const JSON_COLUMNS: ReadonlySet<string> = new Set([
  "request",
  "body",
  "bytes",
  "content",
  "tables",
  "options",
  "problems",
  "changes",
  "behind",
  "dates",
  "skipped",
  "cells",
]);

/** Columns that hold a boolean, by name. better-auth reads and writes its own (`emailVerified`). */
export const BOOLEAN_COLUMNS: ReadonlySet<string> = new Set(["sample", "cancelAsked", "isUnchecked"]);

/** Accepted and proposed plans: immutable; the id is a hash of request and cells. */
interface PlansTable {
  id: string;
  request: PlanRequest;
  body: PlanBody;
  /** Bytes that each task reads by dry run; null where reading costs nothing. */
  bytes: number[] | null;
  createdAt: string;
}

/** What has been seen of a warehouse that bills what is read, so that it is not read again. */
interface MemoriesTable {
  key: string;
  content: unknown;
  updatedAt: string;
}

/** Options of a run that its results depend on; kept for resuming and for the record. */
export interface RunOptions {
  stopOnFailure: boolean;
  skipPreflight: boolean;
  skipDependencyCheck: boolean;
  production: boolean;
}

interface RunsTable {
  id: string;
  planId: string;
  status: RunStatus;
  /** cli, web, api or demo: who asked. */
  origin: string;
  /** Invented history of the demo, marked as such. */
  sample: Generated<boolean>;
  tables: string[];
  start: string;
  end: string;
  cells: number;
  options: RunOptions;
  startedAt: string;
  endedAt: string | null;
  rows: Generated<number>;
  error: string | null;
  /** Result of the range check after the run: null before it, then the cells that are not complete. */
  problems: Problem[] | null;
  /** Seconds that were foretold at the launch; null without history. */
  estimate: number | null;
  /** What the run changed in the grid: cells by their state before and after. */
  changes: StateChange[] | null;
  /** The process that carries it out, and when it last said so: one that is silent has lost it. */
  owner: string | null;
  heartbeatAt: string | null;
  /** Fresh production dates go before history. */
  priority: Generated<number>;
  /** Runs that touch the same cells, behind which it waits. */
  behind: Generated<string[]>;
  /** Somebody has asked for its end: its owner hears of it. */
  cancelAsked: Generated<boolean>;
  /** How often it was begun since a person launched or resumed it, orderly stops of a server aside. */
  attempts: Generated<number>;
}

/** Launches by the key that a client gave them: the same key again is the same run. */
interface LaunchesTable {
  key: string;
  planId: string;
  runId: string | null;
  createdAt: string;
}

/** Who may write a partition now: one run at a time, and only while it renews its right. */
interface LeasesTable {
  table: string;
  date: string;
  runId: string;
  owner: string;
  expiresAt: string;
}

interface TasksTable {
  id: Generated<number>;
  runId: string;
  seq: number;
  table: string;
  start: string;
  end: string;
  dates: string[];
  reason: string;
  status: TaskStatus;
  /** Dates that were left out since an input failed in this run. */
  skipped: Generated<string[]>;
  rows: Generated<number>;
  startedAt: string | null;
  endedAt: string | null;
  seconds: number | null;
  /** Phases of the work: dependency check, computing, writing partitions. */
  checkSeconds: number | null;
  computeSeconds: number | null;
  writeSeconds: number | null;
  /** Bytes read and slot seconds used; null where the engine bills neither. */
  bytes: number | null;
  slotSeconds: number | null;
  error: string | null;
  /** Raised when it is done again after it had ended: work outside that goes on under another owner has the same. */
  attempt: Generated<number>;
}

/** Cells of which the last word of a run is trouble: its task failed, or its pre-flight was skipped. */
interface TroublesTable {
  table: string;
  date: string;
  runId: string;
  status: TaskStatus;
  error: string | null;
}

/** Gaps that somebody has called known and not to be recovered. */
interface AcceptancesTable {
  id: string;
  table: string;
  /** Each date with the rows that were there then. */
  cells: Record<string, number>;
  reason: string;
  by: string;
  expires: string | null;
  createdAt: string;
}

interface LogsTable {
  id: Generated<number>;
  runId: string;
  at: string;
  level: "info" | "warn" | "error";
  message: string;
}

interface Stamps {
  createdAt: string;
  updatedAt: string;
}

/** Fields are better-auth's; people are added by an administrator, or by a provider that is trusted for their domain. */
interface UsersTable extends Stamps {
  id: string;
  name: string;
  email: string;
  emailVerified: number;
  image: string | null;
  role: Role;
  /** Who was removed stays, and stays out: a provider would bring them in again. */
  banned: Generated<number>;
  banReason: string | null;
  banExpires: string | null;
  /** A name for programs, without a way to sign in. */
  service: Generated<number>;
}

interface SessionsTable extends Stamps {
  id: string;
  token: string;
  userId: string;
  expiresAt: string;
  ipAddress: string | null;
  userAgent: string | null;
  impersonatedBy: string | null;
}

/** Ways in of a person: a password's hash, or a provider's account. */
interface AccountsTable extends Stamps {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: string | null;
  refreshTokenExpiresAt: string | null;
  scope: string | null;
  password: string | null;
}

/** What a sign-in by a provider has begun with. */
interface VerificationsTable extends Stamps {
  id: string;
  identifier: string;
  value: string;
  expiresAt: string;
}

/** How often a client has tried to sign in. */
interface RateLimitsTable {
  id: string;
  key: string;
  count: number;
  lastRequest: number;
}

/** Tokens for programs; only a token's hash is kept. */
interface TokensTable {
  id: string;
  name: string;
  hash: string;
  userId: string;
  scope: Role;
  expiresAt: string;
  usedAt: string | null;
  createdAt: string;
}

/** Who did what; nothing is ever changed here. */
interface AuditTable {
  id: Generated<number>;
  at: string;
  actor: string;
  via: string;
  deed: string;
  subject: string;
}

/** Each change of a cell's state that a look has found. */
interface CellChangesTable {
  id: Generated<number>;
  table: string;
  date: string;
  from: CellState;
  to: CellState;
  at: string;
  /** The run whose work it is; null for a change from outside. */
  runId: string | null;
}

/** Alerts until they are delivered, a row for each receiver; and ends of runs, of which alerts are to be made. */
interface AlertsOutboxTable {
  id: Generated<number>;
  /** The alert's id; a run's where the receiver is empty. */
  alert: string;
  /** A name of it in which no address of a webhook can be read; empty for the end of a run. */
  receiver: string;
  content: Alert | null;
  tries: Generated<number>;
  /** When it is tried next; a row that somebody is sending is his until then. */
  nextAt: string;
  createdAt: string;
  deliveredAt: string | null;
  givenUpAt: string | null;
}

/** What was told and is not over, by cause. */
interface IncidentsTable {
  key: string;
  content: Incident;
  openedAt: string;
}

export type OutboxRow = Selectable<AlertsOutboxTable>;
export type CellChange = Selectable<CellChangesTable>;
export type Run = Selectable<RunsTable>;
export type Task = Selectable<TasksTable>;
export type NewTask = Insertable<TasksTable>;
export type Log = Selectable<LogsTable>;
export type StoredPlan = Selectable<PlansTable>;
