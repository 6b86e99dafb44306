import { type Kysely, sql } from "kysely";

export type Engine = "sqlite" | "postgres";

/** What a type is on each engine. Text is compared byte by byte on both: times and dates are in order then. */
const TYPES: Record<Engine, Record<string, string>> = {
  sqlite: { TEXT: "TEXT", INT: "INTEGER", REAL: "REAL", COUNTED: "INTEGER PRIMARY KEY AUTOINCREMENT" },
  postgres: { TEXT: 'TEXT COLLATE "C"', INT: "BIGINT", REAL: "DOUBLE PRECISION", COUNTED: "BIGSERIAL PRIMARY KEY" },
};

/**
 * The state's tables, step by step: a state's version is how many steps it has behind it. What has been released is
 * never changed, only added to. One text for both engines, in the types above.
 */
export const MIGRATIONS: readonly string[] = [
  `
CREATE TABLE plans (
  id TEXT PRIMARY KEY, request TEXT NOT NULL, body TEXT NOT NULL, bytes TEXT, created_at TEXT NOT NULL
);
CREATE TABLE memories (key TEXT PRIMARY KEY, content TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE TABLE runs (
  id TEXT PRIMARY KEY, plan_id TEXT NOT NULL, status TEXT NOT NULL, origin TEXT NOT NULL,
  sample INT NOT NULL DEFAULT 0, tables TEXT NOT NULL, "start" TEXT NOT NULL, "end" TEXT NOT NULL,
  cells INT NOT NULL, options TEXT NOT NULL, started_at TEXT NOT NULL, ended_at TEXT,
  rows INT NOT NULL DEFAULT 0, error TEXT, problems TEXT, estimate REAL, changes TEXT, owner TEXT, heartbeat_at TEXT,
  priority INT NOT NULL DEFAULT 0, behind TEXT NOT NULL DEFAULT '[]', cancel_asked INT NOT NULL DEFAULT 0
);
CREATE INDEX runs_started ON runs (started_at, id);
CREATE INDEX runs_status ON runs (status);
CREATE TABLE launches (key TEXT PRIMARY KEY, plan_id TEXT NOT NULL, run_id TEXT, created_at TEXT NOT NULL);
CREATE TABLE leases (
  "table" TEXT NOT NULL, date TEXT NOT NULL, run_id TEXT NOT NULL, owner TEXT NOT NULL, expires_at TEXT NOT NULL,
  PRIMARY KEY ("table", date)
);
CREATE TABLE tasks (
  id COUNTED, run_id TEXT NOT NULL, seq INT NOT NULL, "table" TEXT NOT NULL, "start" TEXT NOT NULL,
  "end" TEXT NOT NULL, dates TEXT NOT NULL, reason TEXT NOT NULL, status TEXT NOT NULL,
  skipped TEXT NOT NULL DEFAULT '[]', rows INT NOT NULL DEFAULT 0, started_at TEXT, ended_at TEXT, seconds REAL,
  check_seconds REAL, compute_seconds REAL, write_seconds REAL, bytes INT, slot_seconds REAL,
  error TEXT
);
CREATE INDEX tasks_run ON tasks (run_id, seq);
CREATE INDEX tasks_table ON tasks ("table", ended_at);
CREATE INDEX tasks_ended ON tasks (ended_at);
CREATE TABLE troubles (
  "table" TEXT NOT NULL, date TEXT NOT NULL, run_id TEXT NOT NULL, status TEXT NOT NULL, error TEXT,
  PRIMARY KEY ("table", date)
);
CREATE INDEX troubles_run ON troubles (run_id);
CREATE TABLE acceptances (
  id TEXT PRIMARY KEY, "table" TEXT NOT NULL, cells TEXT NOT NULL, reason TEXT NOT NULL, "by" TEXT NOT NULL,
  expires TEXT, created_at TEXT NOT NULL
);
CREATE TABLE logs (id COUNTED, run_id TEXT NOT NULL, at TEXT NOT NULL, level TEXT NOT NULL, message TEXT NOT NULL);
CREATE INDEX logs_run ON logs (run_id, id);
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, email_verified INT NOT NULL DEFAULT 0,
  image TEXT, role TEXT NOT NULL DEFAULT 'viewer', created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE TABLE sessions (
  id TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at TEXT NOT NULL, ip_address TEXT, user_agent TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE TABLE accounts (
  id TEXT PRIMARY KEY, account_id TEXT NOT NULL, provider_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, access_token TEXT, refresh_token TEXT, id_token TEXT,
  access_token_expires_at TEXT, refresh_token_expires_at TEXT, scope TEXT, password TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX accounts_user ON accounts (user_id);
CREATE TABLE verifications (
  id TEXT PRIMARY KEY, identifier TEXT NOT NULL, value TEXT NOT NULL, expires_at TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX verifications_identifier ON verifications (identifier);
CREATE TABLE rate_limits (id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, count INT NOT NULL, last_request INT NOT NULL);
CREATE TABLE tokens (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, scope TEXT NOT NULL, expires_at TEXT NOT NULL,
  used_at TEXT, created_at TEXT NOT NULL
);
CREATE INDEX tokens_user ON tokens (user_id);
CREATE TABLE audit (
  id COUNTED, at TEXT NOT NULL, actor TEXT NOT NULL, via TEXT NOT NULL, deed TEXT NOT NULL, subject TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
`,
  `
CREATE TABLE cell_changes (
  id COUNTED, "table" TEXT NOT NULL, date TEXT NOT NULL, "from" TEXT NOT NULL, "to" TEXT NOT NULL, at TEXT NOT NULL,
  run_id TEXT
);
CREATE INDEX cell_changes_cell ON cell_changes ("table", date);
CREATE INDEX cell_changes_at ON cell_changes (at);
`,
  `
CREATE INDEX runs_plan ON runs (plan_id);
CREATE INDEX runs_ended ON runs (ended_at);
CREATE INDEX plans_created ON plans (created_at, id);
CREATE INDEX launches_created ON launches (created_at);
`,
  `
CREATE TABLE alerts_outbox (
  id COUNTED, alert TEXT NOT NULL, receiver TEXT NOT NULL, content TEXT, tries INT NOT NULL DEFAULT 0,
  next_at TEXT NOT NULL, created_at TEXT NOT NULL, delivered_at TEXT, given_up_at TEXT
);
CREATE UNIQUE INDEX alerts_outbox_alert ON alerts_outbox (alert, receiver);
CREATE INDEX alerts_outbox_due ON alerts_outbox (next_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX alerts_outbox_created ON alerts_outbox (created_at);
CREATE TABLE incidents (key TEXT PRIMARY KEY, content TEXT NOT NULL, opened_at TEXT NOT NULL);
`,
  `
ALTER TABLE runs ADD COLUMN attempts INT NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN attempt INT NOT NULL DEFAULT 1;
`,
  `
ALTER TABLE users ADD COLUMN banned INT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN ban_reason TEXT;
ALTER TABLE users ADD COLUMN ban_expires TEXT;
ALTER TABLE users ADD COLUMN service INT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN impersonated_by TEXT;
`,
  `
ALTER TABLE audit ADD COLUMN token_id TEXT;
ALTER TABLE audit ADD COLUMN address TEXT;
CREATE INDEX audit_actor ON audit (actor, deed);
CREATE TABLE sign_in_attempts (account TEXT PRIMARY KEY, failures INT NOT NULL, at TEXT NOT NULL);
CREATE INDEX sign_in_attempts_at ON sign_in_attempts (at);
`,
  // A state's name: what nothing was expected of was "no_games".
  `
UPDATE cell_changes SET "from" = 'not_expected' WHERE "from" = 'no_games';
UPDATE cell_changes SET "to" = 'not_expected' WHERE "to" = 'no_games';
UPDATE runs SET changes = REPLACE(changes, '"no_games"', '"not_expected"') WHERE changes LIKE '%"no_games"%';
UPDATE runs SET problems = REPLACE(problems, '"no_games"', '"not_expected"') WHERE problems LIKE '%"no_games"%';
UPDATE plans SET body = REPLACE(body, '"no_games"', '"not_expected"') WHERE body LIKE '%"no_games"%';
`,
  `
ALTER TABLE runs ADD COLUMN queued_at TEXT;
CREATE INDEX cell_changes_run ON cell_changes (run_id);
`,
  `
CREATE TABLE invalidations (
  id TEXT PRIMARY KEY, "table" TEXT NOT NULL, "before" TEXT NOT NULL, "start" TEXT, "end" TEXT, reason TEXT NOT NULL,
  "by" TEXT NOT NULL, created_at TEXT NOT NULL
);
CREATE TABLE model_versions ("table" TEXT PRIMARY KEY, version TEXT NOT NULL, since TEXT NOT NULL);
ALTER TABLE acceptances ADD COLUMN accepts TEXT NOT NULL DEFAULT 'gap';
`,
];

/** Takes one step. */
export async function migrate(db: Pick<Kysely<never>, "getExecutor">, engine: Engine, step: string): Promise<void> {
  const text = step.replace(/\b(TEXT|INT|REAL|COUNTED)\b/g, (type) => TYPES[engine][type] as string);
  for (const statement of text.split(/;\n/)) if (statement.trim() !== "") await sql.raw(statement).execute(db);
}
