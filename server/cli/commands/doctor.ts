import { dataFindings } from "../../doctor/data";
import type { Finding } from "../../doctor/finding";
import { machineFindings } from "../../doctor/machine";
import type { Command } from "../command";
import type { Io } from "../io";

const MARKS: Record<Finding["level"], string> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

/** Writes what was found; gives 0 where nothing fails. */
export function report(findings: readonly Finding[], asJson: boolean, io: Pick<Io, "out">): 0 | 1 {
  const ready = findings.every((one) => one.level !== "fail");
  if (asJson) io.out(`${JSON.stringify({ ready, checks: findings })}\n`);
  else {
    const width = Math.max(...findings.map((one) => one.name.length));
    for (const { level, name, message, hint } of findings) {
      io.out(`${MARKS[level]}  ${name.padEnd(width)}  ${message}\n`);
      if (hint) io.out(`${" ".repeat(width + 8)}${hint}\n`);
    }
    const warnings = findings.filter((one) => one.level === "warn").length;
    io.out(ready ? `Ready${warnings > 0 ? `, with ${warnings} warnings` : ""}.\n` : "Not ready.\n");
  }
  return ready ? 0 : 1;
}

export const doctor: Command = {
  name: "doctor",
  usage: "doctor",
  about: "is this installation set up right? Says what to do where it is not",
  flags: {},
  async run(context, _words, values, io) {
    const findings = [...machineFindings(context.config), ...(await dataFindings(context))];
    return report(findings, values.json === true, io);
  },
};
