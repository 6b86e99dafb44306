import type { Generated, Insertable, Selectable } from "kysely";
import type { Role } from "@/lib/access/roles";
import type { Acceptance, Invalidation } from "@/lib/api/coverage";
import type { AuditEvent, LogLine, PlanBody, PlanRequest, StoredRun, StoredTask } from "@/lib/api/runs";
import type { Alert, Incident } from "@/lib/engine/alerts";
import type { CellState } from "@/lib/engine/coverage/cell-states";

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
  acceptances: Acceptance;
  invalidations: Invalidation;
  modelVersions: ModelVersionsTable;
  logs: LogsTable;
  users: UsersTable;
  sessions: SessionsTable;
  accounts: AccountsTable;
  verifications: VerificationsTable;
  rateLimits: RateLimitsTable;
  signInAttempts: SignInAttemptsTable;
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

/** A row as the API answers it; the database fills in some of its columns by itself. */
type Filled<Row, Names extends keyof Row> = Omit<Row, Names> & { [Name in Names]: Generated<Row[Name]> };

/** Options of a run that its results depend on; kept for resuming and for the record. */
export type RunOptions = StoredRun["options"];

type RunsTable = Filled<StoredRun, "sample" | "rows" | "priority" | "behind" | "cancelAsked" | "attempts" | "queuedAt">;

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

type TasksTable = Filled<StoredTask, "id" | "skipped" | "rows" | "attempt">;

/** Cells of which the last word of a run is trouble: its task failed, with its error, or its pre-flight was skipped. */
interface TroublesTable extends Pick<StoredTask, "table" | "runId" | "status" | "error"> {
  date: string;
}

/** The versions of the models as they were last seen, and since when. */
interface ModelVersionsTable {
  table: string;
  version: string;
  since: string;
}

type LogsTable = Filled<LogLine, "id">;

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

/** Wrong passwords of an account since the last right one, by a hash of whose they are. */
interface SignInAttemptsTable {
  account: string;
  failures: number;
  at: string;
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
type AuditTable = Filled<AuditEvent, "id">;

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
export type Trouble = Selectable<TroublesTable>;
export type Run = Selectable<RunsTable>;
export type Task = Selectable<TasksTable>;
export type NewTask = Insertable<TasksTable>;
export type Log = Selectable<LogsTable>;
export type StoredPlan = Selectable<PlansTable>;
