import type { Role } from "./roles";

/** The role that each server action needs, by its name: the one place where it stands. Actions take sessions alone. */
export const ACTIONS = {
  launchPlan: "operator",
  cancelRun: "operator",
  resumeRun: "operator",
  acceptGaps: "operator",
  withdrawGap: "operator",
  invalidateRows: "operator",
  withdrawInvalidation: "operator",
  makeDemo: "operator",
  addPerson: "admin",
  setRole: "admin",
  newPassword: "admin",
  removePerson: "admin",
  createToken: "viewer",
  revokeToken: "viewer",
  endSession: "viewer",
} satisfies Record<string, Role>;

/**
 * What each route needs, by method and path: a role, or nothing ("nobody" has to be signed in), or it looks at who asks
 * itself ("own": sign-in's routes, and the command line's, which takes a secret of the home). Sessions and tokens alike.
 */
export const ROUTES: Readonly<Record<string, Role | "nobody" | "own">> = {
  "GET /api/activity": "viewer",
  "GET /api/audit": "admin",
  "GET /api/auth/[...all]": "own",
  "POST /api/auth/[...all]": "own",
  "POST /api/backfills": "operator",
  "GET /api/cell": "viewer",
  "POST /api/cli": "own",
  "GET /api/columns": "viewer",
  "GET /api/coverage": "viewer",
  "GET /api/diff": "operator",
  "GET /api/events": "viewer",
  "GET /api/freshness": "viewer",
  "GET /api/gaps": "viewer",
  "POST /api/gaps": "operator",
  "POST /api/gaps/[id]/withdraw": "operator",
  "GET /api/health": "nobody",
  "POST /api/import": "operator",
  "POST /api/import/[id]/load": "operator",
  "GET /api/invalidations": "viewer",
  "POST /api/invalidations": "operator",
  "POST /api/invalidations/[id]/withdraw": "operator",
  "GET /api/lineage": "viewer",
  "GET /api/lineage/column": "viewer",
  "GET /api/live": "nobody",
  "GET /api/metrics": "viewer",
  "GET /api/openapi.json": "nobody",
  "GET /api/overview": "viewer",
  "POST /api/plans": "viewer",
  "GET /api/ready": "nobody",
  "GET /api/rows": "viewer",
  "GET /api/runs": "viewer",
  "GET /api/runs/[id]": "viewer",
  "POST /api/runs/[id]/cancel": "operator",
  "GET /api/runs/[id]/logs": "viewer",
  "POST /api/runs/[id]/resume": "operator",
  "GET /api/schedules": "viewer",
  "GET /api/source": "viewer",
  "GET /api/timings": "viewer",
};

/** The role that a page needs, for pages that need more than a viewer. */
export const PAGE_ROLES = { "/settings": "admin" } satisfies Record<string, Role>;
