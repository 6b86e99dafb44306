import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Registry } from "prom-client";
import type { Pipeline } from "@/lib/engine/pipeline/compile";
import { asExternal } from "@/lib/engine/pipeline/stored";
import { schedulesOf } from "@/lib/engine/planning/schedule";
import { type Config, clockOf, readConfig, todayOf, withWarehouse } from "./config";
import { assertSamePipeline, readRecord, writeRecord } from "./pipeline/record";
import { acquireLock, homeName } from "./platform/home";
import { Semaphore } from "./platform/semaphore";
import { publishCells, published } from "./runner/events";
import { openState, type State } from "./state/db";
import { markInterrupted } from "./state/queue";
import type { Warehouse } from "./warehouse";
import { isExternal } from "./warehouse/address";

/** Everything that a function of the server needs: opened once a process. */
export interface Context {
  config: Config;
  /** What is computed, and of what. */
  pipeline: Pipeline;
  warehouse: Warehouse;
  state: State;
  /** Events of runs for subscribers: see RunEvent. */
  events: EventEmitter;
  /** How often cells have changed, by writes of this process or what people say of them: see publishCells. */
  revision: number;
  /** This process by name, as runs and leases have it: its home's name, then its own. */
  owner: string;
  /** As many tasks at once as the warehouse takes, of all runs of this process. */
  taskSlots: Semaphore;
  /** Of a server, what it measures. */
  metrics?: Registry;
  /** A server that has been asked to end: it takes no new work. */
  isStopping: boolean;
  /** What is to end before warehouse and state are closed. */
  closing: Array<() => Promise<void>>;
  /** Runs of this process that can be cancelled. */
  active: Map<string, AbortController>;
  today(): string;
  /** The time of day of dueBy: see clockOf. */
  clock(): string;
  /** Makes a date stand for today in this home, from now on, unless FULLCOURT_TODAY does. */
  setToday(date: string): void;
  close(): Promise<void>;
}

/** What needs no warehouse. */
export type StateContext = Pick<Context, "config" | "state" | "close">;

/** Does work while this process has the home; leaves it again if that fails. */
async function inHome<T>(
  home: string,
  what: string,
  server: { url: string; token: string } | undefined,
  open: (leave: () => void) => Promise<T>,
): Promise<T> {
  const leave = acquireLock(home, what, server);
  try {
    return await open(leave);
  } catch (error) {
    leave();
    throw error;
  }
}

/** Takes the home, then opens warehouse and state. */
export function openContext(
  settings: Config,
  given: Pipeline,
  what: string,
  server?: { url: string; token: string },
): Promise<Context> {
  const config = withWarehouse(settings, given);
  const pipeline = isExternal(config.warehouse) ? asExternal(given) : given;
  return inHome(config.home, what, server, async (leave) => {
    assertSamePipeline(config.home, pipeline.id);
    // A setting that names none of the pipeline's is an error of the start, not of the clock.
    schedulesOf(pipeline.definition, config.schedules);
    const record = readRecord(config.home);
    const [warehouse, state] = await openBoth(config, server !== undefined, pipeline);
    if (!record) writeRecord(config.home, { pipeline: pipeline.id });
    const own = { ...config, today: config.today ?? record?.today };
    const context = makeContext(own, pipeline, warehouse, state, leave);
    context.setToday = (today) => {
      writeRecord(config.home, { pipeline: pipeline.id, today });
      own.today = config.today ?? today;
    };
    return context;
  });
}

/** Takes the home and opens the state alone. */
export function openStateOnly(config: Config, what: string): Promise<StateContext> {
  return inHome(config.home, what, undefined, async (leave) => {
    const state = await openState(config);
    return { config, state, close: () => state.close().finally(leave) };
  });
}

async function openBoth(config: Config, isServer: boolean, pipeline: Pipeline): Promise<[Warehouse, State]> {
  const { openWarehouse } = await import("./warehouse");
  // The warehouse first: its file lock is the one that cannot be argued with.
  const warehouse = await openWarehouse(config, pipeline, isServer);
  try {
    return [warehouse, await openState(config)];
  } catch (error) {
    await warehouse.close();
    throw error;
  }
}

/** A context over parts that are open already. */
export function makeContext(
  config: Config,
  pipeline: Pipeline,
  warehouse: Warehouse,
  state: State,
  left: () => void = () => undefined,
): Context {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const context: Context = {
    config,
    pipeline,
    warehouse,
    state,
    events,
    revision: 0,
    active: new Map(),
    owner: `${homeName(config.home)} ${randomUUID()}`,
    taskSlots: new Semaphore(warehouse.parallelTasks),
    isStopping: false,
    closing: [],
    today: () => todayOf(config, pipeline.timeZone),
    clock: () => clockOf(config, pipeline.timeZone),
    // Nothing is recorded where there is no home.
    setToday: () => undefined,
    async close() {
      for (const end of context.closing) await end();
      await published(context);
      await warehouse.close();
      await state.close();
      left();
    },
  };
  warehouse.changes.onAdd((written) => publishCells(context, written));
  return context;
}

/** Marks runs that a dead process of this installation has left; gives the ids of all that wait to go on. */
export function leftBehind({ config, state }: Pick<Context, "config" | "state">): Promise<string[]> {
  // An embedded state has one process at a time; on a shared one others may be alive.
  return markInterrupted(state.db, config.databaseUrl === undefined ? null : homeName(config.home));
}

/** The server's own context lives on globalThis: Next loads modules more than once. */
const holder = globalThis as typeof globalThis & { fullcourt?: Promise<Context> };

/** Opens the context of this process's server; once. */
export function openServer(pipeline: Pipeline, server: { url: string; token: string }): Promise<Context> {
  holder.fullcourt ??= openContext(readConfig(), pipeline, "the dashboard", server);
  return holder.fullcourt;
}

/** The server's context: it is opened at its start, before any request is answered. */
export function serverContext(): Promise<Context> {
  if (process.env.NEXT_PHASE === "phase-production-build") {
    throw new Error("Pages must not read data while they are built: await connection() first.");
  }
  if (!holder.fullcourt) throw new Error("The server has not been started.");
  return holder.fullcourt;
}
