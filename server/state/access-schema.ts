import { bigint, boolean, index, integer, pgTable, serial, text, timestamp } from "drizzle-orm/pg-core";
import type { Role } from "@/lib/access";

const time = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

const stamps = () => ({
  createdAt: time("created_at").notNull().defaultNow(),
  updatedAt: time("updated_at").notNull().defaultNow(),
});

/** Fields are better-auth's; people are added by an administrator, or by a provider that is trusted for their domain. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  role: text("role").$type<Role>().notNull().default("viewer"),
  ...stamps(),
});

const userId = () =>
  text("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique(),
    userId: userId(),
    expiresAt: time("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    ...stamps(),
  },
  (table) => [index("sessions_user").on(table.userId)],
);

/** Ways in of a person: a password's hash, or a provider's account. */
export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: userId(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: time("access_token_expires_at"),
    refreshTokenExpiresAt: time("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    ...stamps(),
  },
  (table) => [index("accounts_user").on(table.userId)],
);

/** What a sign-in by a provider has begun with. */
export const verifications = pgTable(
  "verifications",
  {
    id: text("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: time("expires_at").notNull(),
    ...stamps(),
  },
  (table) => [index("verifications_identifier").on(table.identifier)],
);

/** How often a client has tried to sign in. */
export const rateLimits = pgTable("rate_limits", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique(),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

/** Tokens for programs; only a token's hash is kept. */
export const tokens = pgTable("tokens", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  hash: text("hash").notNull().unique(),
  userId: userId(),
  scope: text("scope").$type<Role>().notNull(),
  expiresAt: time("expires_at").notNull(),
  usedAt: time("used_at"),
  createdAt: time("created_at").notNull().defaultNow(),
});

/** Who did what; nothing is ever changed or deleted here. */
export const deeds = pgTable(
  "audit",
  {
    id: serial("id").primaryKey(),
    at: time("at").notNull().defaultNow(),
    actor: text("actor").notNull(),
    via: text("via").notNull(),
    deed: text("deed").notNull(),
    subject: text("subject").notNull(),
  },
  (table) => [index("audit_at").on(table.at)],
);
