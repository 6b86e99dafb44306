import type { Command } from "../command";
import { auditCommand, tokens, users } from "./access";
import { backfill, plan } from "./backfill";
import { backup } from "./backup";
import { coverage, freshness, preflightCommand, repair, verify } from "./checks";
import { demo, importCommand, rows } from "./data";
import { doctor } from "./doctor";
import { gaps } from "./gaps";
import { runs, timings } from "./runs";
import { sync } from "./sync";

/** Commands that work on an open installation, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  demo,
  importCommand,
  sync,
  coverage,
  plan,
  backfill,
  preflightCommand,
  freshness,
  verify,
  repair,
  rows,
  gaps,
  runs,
  timings,
  backup,
  doctor,
  users,
  tokens,
  auditCommand,
];
