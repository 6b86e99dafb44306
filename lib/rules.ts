import type { Role } from "./access";

/** The role that each server action needs, by its name: the one place where it stands. Actions take sessions alone. */
export const ACTIONS = {
  launchPlan: "operator",
  cancelRun: "operator",
  resumeRun: "operator",
  acceptGaps: "operator",
  withdrawGap: "operator",
  makeDemo: "operator",
  addPerson: "admin",
  setRole: "admin",
  newPassword: "admin",
  removePerson: "admin",
  createToken: "viewer",
  revokeToken: "viewer",
} satisfies Record<string, Role>;
