import type { Pipeline } from "@/lib/engine/pipeline/compile";
import type { Config } from "../../config";
import type { Context } from "../../context";
import { dataFindings } from "../../doctor/data";
import { type Finding, failed } from "../../doctor/finding";
import { machineFindings } from "../../doctor/machine";
import type { Run, Values } from "../command";
import { type Io, json } from "../io";

const MARKS: Record<Finding["level"], string> = { ok: "ok  ", warn: "warn", fail: "FAIL" };

/** Writes what was found; gives 0 where nothing fails. */
function report(findings: readonly Finding[], asJson: boolean | undefined, io: Pick<Io, "out">): 0 | 1 {
  const ready = findings.every((one) => one.level !== "fail");
  if (asJson) json(io, { ready, checks: findings });
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

/** What the machine shows of an installation that cannot be opened, and why it cannot. */
export const reportClosed = (
  config: Config,
  pipeline: Pipeline,
  error: unknown,
  values: Values,
  io: Pick<Io, "out">,
): 0 | 1 => report([...machineFindings(config, pipeline), failed("opening", error)], values.json, io);

export const doctor: Run<Context> = async (context, _words, values, io) => {
  const findings = [...machineFindings(context.config, context.pipeline), ...(await dataFindings(context))];
  return report(findings, values.json, io);
};
