import type { Plan, PlanRequest, TaskView } from "@/lib/api/runs";
import { tablesNamed } from "@/lib/engine/pipeline/find";
import { bytesWords, dollarWords } from "@/lib/engine/planning/cost";
import { capitalized, formatLeft, formatLeftOut, formatNoTasks, plural } from "@/lib/engine/view/format";
import { formatOutdated } from "@/lib/engine/view/format-plan";
import { FullcourtError } from "@/lib/errors";
import type { Context } from "../../context";
import { countUnits } from "../../coverage";
import { onAbort } from "../../platform/on-abort";
import { watch } from "../../runner/events";
import { cancel, type Launched, launch, resume } from "../../runner/launch";
import { previewPlan, revalidatePlan } from "../../runner/plans";
import { listSchedules } from "../../schedules/schedule";
import { findInterrupted, listRuns, tasksOf } from "../../state/runs";
import type { Run, Values } from "../command";
import { answer, type Io, json, listing } from "../io";
import { readNames, readRange } from "../selection";
import { progressBar } from "../status-line";
import { shown, tasksListed } from "./runs";

async function readRequest(context: Context, words: string[], values: Values): Promise<PlanRequest> {
  if (words.length === 0)
    throw new FullcourtError(
      "wrong_usage",
      "Missing tables: short or full names, or all.",
      "fullcourt backfill all --start-date D --end-date D",
    );
  const range = await readRange(context, values);
  if ((await countUnits(context, range.start, range.end)) === 0) {
    throw new FullcourtError(
      "empty_range",
      `${capitalized(context.pipeline.calendar.unit.none)} from ${range.start} to ${range.end}.`,
      "Choose other dates, or import first what says which dates are due.",
    );
  }
  // Sources that a job loads are named beside tables.
  const names = words.flatMap((word) => word.split(",")).map((name) => name.trim());
  const loads = names.filter((name) => context.pipeline.sourceById.get(name)?.loader);
  const others = names.filter((name) => !loads.includes(name));
  return {
    tables: [...loads, ...(others.length > 0 ? readNames(context, others, values) : [])],
    start: range.start,
    end: range.end,
    ...(range.dates ? { dates: range.dates } : {}),
    only: values.only ?? "bad",
    upstream: values.upstream !== false,
    downstream: values.downstream !== false,
  };
}

/** Writes a plan, and gives the exit code: 1 where it leaves out cells that were asked for. */
function showPlan(io: Io, values: Values, plan: Plan): 0 | 1 {
  const { planId, tasks, cells, estimate, leftOut, request } = plan;
  const code = leftOut.length > 0 ? 1 : 0;
  if (values.json) {
    json(io, {
      planId,
      tasks,
      cells: cells.length,
      estimate,
      leftOut,
      ...(plan.outdated ? { outdated: plan.outdated } : {}),
    });
    return code;
  }
  if (plan.outdated)
    io.out(`${formatOutdated(plan)}${plan.outdated.isTaken ? "" : " --only outdated rebuilds them."}\n`);
  if (tasks.length === 0) io.out(`${formatNoTasks(request.only, leftOut.length)}\n`);
  else {
    const { bytes, dollars } = estimate;
    const reads = ["reads", (task: Plan["tasks"][number]) => bytesWords(task.bytes ?? 0)] as const;
    const ofDates = ["dates", (task: Plan["tasks"][number]) => task.dates.length] as const;
    const shown = bytes === null ? [ofDates] : [ofDates, reads];
    io.out(`${listing(tasks, ["table", "start", "end", ...shown, ["why", (task) => task.reason]])}\n`);
    const cost = bytes === null ? "" : `, reading ${bytesWords(bytes)} (${dollarWords(dollars ?? 0)})`;
    const time = estimate.seconds === null ? "no history to estimate from" : `about ${estimate.seconds} s`;
    const left = leftOut.length > 0 ? `; ${formatLeftOut(leftOut.length)}` : "";
    io.out(
      `Plan ${planId}: ${plural(cells.length, "cell")} in ${plural(tasks.length, "task")}, ${time}${cost}${left}.\n`,
    );
    if (plan.refusal) io.err(`${plan.refusal}\n`);
  }
  for (const left of leftOut) io.err(`left out: ${left.table} ${left.date}: ${left.reason}\n`);
  return code;
}

export const plan: Run<Context> = async (context, words, values, io) =>
  showPlan(io, values, await previewPlan(context, await readRequest(context, words, values)));

export const backfill: Run<Context> = async (context, words, values, io) => {
  if (values.status) return showStatus(context, words, values, io);
  const options = {
    stopOnFailure: values.stopOnFailure === true,
    skipPreflight: values.skipPreflight === true,
    skipDependencyCheck: values.skipDependencyCheck === true,
    production: values.production === true,
  };
  const launching = (id: string) => () => launch(context, id, options, "cli", values.queue ? "queue" : "refuse");
  if (values.plan !== undefined) {
    const { plan: id } = values;
    if (values.dryRun) return showPlan(io, values, (await revalidatePlan(context, id)).plan);
    return follow(context, io, values, launching(id));
  }
  const request = await readRequest(context, words, values);
  if (values.dryRun) return showPlan(io, values, await previewPlan(context, request));
  const cutOff = await findInterrupted(context.state.db, request);
  if (cutOff && values.resume === false) await cancel(context, cutOff.id);
  else if (cutOff) {
    io.err(`Resuming interrupted run ${cutOff.id} (--no-resume starts a new one).\n`);
    return follow(context, io, values, () => resume(context, cutOff.id));
  }
  const made = await previewPlan(context, request);
  if (!values.json) {
    showPlan(io, values, made);
    if (made.tasks.length === 0) io.out(await nextRunLine(context));
  }
  return follow(context, io, values, launching(made.planId));
};

/** When a schedule of the home is next due: its server runs it. */
async function nextRunLine(context: Context): Promise<string> {
  const due = (await listSchedules(context)).flatMap(({ id, next }) => (next === null ? [] : [{ id, next }]));
  const [first] = due.sort((one, other) => one.next.localeCompare(other.next));
  if (!first) return "No run is scheduled.\n";
  return `Next scheduled run: ${first.id} at ${first.next.slice(0, 16).replace("T", " ")} UTC.\n`;
}

/** Lines of a run's tasks, each with its number in the order in which they start, and how far the run is. */
function taskLines(io: Io, total: number): (task: TaskView) => void {
  const numbers = new Map<number, number>();
  const running = new Map<number, string>();
  const ended = new Set<number>();
  return ({ id, table, start, end, status, rows, seconds }) => {
    if (status === "waiting") return;
    if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
    const dates = start === end ? start : `${start} to ${end}`;
    const line = (words: string) => {
      const of = `${String(numbers.get(id)).padStart(String(total).length)} of ${total}`;
      io.out(`${of}  ${table.padEnd(5)} ${dates}  ${words}\n`);
    };
    if (status === "running") {
      if (running.has(id)) return;
      running.set(id, table);
      ended.delete(id);
      line("started");
    } else {
      running.delete(id);
      ended.add(id);
      line(`${status}${seconds === null ? "" : `, ${rows} rows in ${seconds.toFixed(2)} s`}`);
    }
    const now = running.size > 0 ? `  building ${[...running.values()].join(", ")}` : "";
    io.progress(`${progressBar(ended.size, total)}${now}`);
  };
}

/** Starts a run and writes what happens until it ends; an interrupt cancels it. */
async function follow(context: Context, io: Io, values: Values, start: () => Promise<Launched>): Promise<0 | 1> {
  let id: string | undefined;
  let lines: ((task: TaskView) => void) | undefined;
  const early: Array<() => void> = [];
  const stop = watch(context, (event) => {
    const show = () => {
      if (event.type === "run" || event.type === "cells" || event.runId !== id) return;
      if (event.type === "log") {
        if (values.verbose || event.log.level !== "info") io.err(`${event.log.message}\n`);
        return;
      }
      const { task } = event;
      const { table, start, end, status, rows, seconds } = task;
      if (values.json) json(io, { type: "task", table, start, end, status, rows, seconds });
      else lines?.(task);
    };
    // Events may come before the run's id is known here.
    if (id === undefined) early.push(show);
    else show();
  });
  try {
    const launched = await start();
    lines = taskLines(io, (await tasksOf(context.state.db, launched.id)).length);
    id = launched.id;
    if (launched.behind) io.err(`Run ${id} waits behind run ${launched.behind}.\n`);
    for (const show of early) show();
    onAbort(io.signal, () => void cancel(context, launched.id).catch(() => undefined));
    const run = await launched.done;
    const tasks = await tasksOf(context.state.db, run.id);
    io.progress("");
    const failed = tasks.filter((task) => task.status === "failed" || task.status === "blocked").length;
    const left = run.problems?.length ?? 0;
    const seconds = (Date.parse(run.endedAt as string) - Date.parse(run.startedAt)) / 1000;
    const { status, rows, error } = run;
    if (values.json)
      json(io, { type: "run", id: run.id, status, tasks: tasks.length, left, failed, rows, seconds, error });
    else {
      const counts = `${rows} rows, ${tasks.length} tasks, ${failed} failed, ${seconds.toFixed(2)} s`;
      io.out(`Run ${run.id} ${status}: ${counts}${left > 0 ? `; ${formatLeft(left)}` : ""}.\n`);
      if (run.status === "blocked")
        io.err(
          "Leave --no-upstream out to build the missing inputs first, or add --skip-preflight to go on without them.\n",
        );
      const of = (...states: string[]) => tasks.filter((task) => states.includes(task.status)).length;
      io.out(`PASS=${of("succeeded")} FAIL=${of("failed")} SKIP=${of("waiting", "running", "blocked", "cancelled")}\n`);
    }
    return run.status === "succeeded" ? 0 : 1;
  } finally {
    stop();
  }
}

/** The last run of these tables and how far it is. */
async function showStatus(context: Context, words: string[], values: Values, io: Io): Promise<0 | 1> {
  const wanted = tablesNamed(context.pipeline, words).map((one) => one.id);
  const run = (await listRuns(context.state.db)).find(
    (one) => !one.sample && one.tables.some((name) => wanted.includes(name)),
  );
  const tasks = run ? await tasksOf(context.state.db, run.id) : [];
  return answer(io, values, { run: run ?? null, tasks }, () => {
    if (!run) return "These tables have not been run yet.";
    const done = `${tasks.filter((task) => task.status === "succeeded").length} of ${tasks.length} tasks done`;
    return `Run ${run.id}: ${run.status}, ${run.start} to ${run.end}, ${done}.\n${tasksListed(tasks)}`;
  });
}

export const cancelRun: Run<Context> = async (context, [id = ""], values, io) => {
  await cancel(context, id);
  return answer(io, values, { id, cancelled: true }, () => `Run ${id} is being cancelled.`);
};

export const resumeRun: Run<Context> = async (context, [id = ""], values, io) => {
  const run = await (await resume(context, id)).done;
  answer(io, values, shown(run), () => {
    const left = run.problems?.length ?? 0;
    return `Run ${run.id} ${run.status}: ${run.rows} rows${left > 0 ? `; ${formatLeft(left)}` : ""}.`;
  });
  return run.status === "succeeded" ? 0 : 1;
};
