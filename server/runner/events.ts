import type { EventEmitter } from "node:events";
import type { RunEvent } from "@/lib/api/runs";
import type { Config } from "../config";
import type { State } from "../state/db";
import { listen, notify } from "../state/listen";
import { getRun, tasksOf } from "../state/runs";
import type { Warehouse } from "../warehouse";
import type { Written } from "../warehouse/changes";

interface Events {
  events: EventEmitter;
  state: Pick<State, "db" | "engine">;
  owner: string;
}

const OWN = "event";
const OTHERS = "event of another server";

/** Where the processes on one Postgres hear of each other's events. */
const CHANNEL = "fullcourt_events";

/** Postgres takes less than 8,000 bytes at once. */
const MAX_BYTES = 7_900;
/** So many characters of a log's line are always within that: as JSON each takes six bytes at most. */
const MAX_MESSAGE = 1_200;

/** An event on its way to other servers; of what is too long, where it is found in the state. */
type Sent = { from: string } & ({ event: RunEvent } | { runId: string; taskId: number | null });

/** Sends an event to all who watch, on other servers too. */
export function publish(context: Events, event: RunEvent): void {
  context.events.emit(OWN, event);
  if (context.state.engine === "postgres" && !hearing.has(context.events)) tellOthers(context, event);
}

/** Processes that are just hearing of another's event: what they say of it themselves is no news to others. */
const hearing = new WeakSet<EventEmitter>();

/** What is being sent, by process: events arrive in their order. */
const sending = new WeakMap<EventEmitter, Promise<unknown>>();

function tellOthers({ events, state, owner }: Events, event: RunEvent): void {
  const text = packed(owner, event);
  const before = sending.get(events) ?? Promise.resolve();
  const sent = before
    .then(() => notify(state.db, CHANNEL, text))
    // Pages that hear nothing ask for themselves, every few seconds.
    .catch(() => undefined);
  sending.set(events, sent);
}

/** When all that was published has been sent: a process that ends waits for it. */
export async function published({ events }: Pick<Events, "events">): Promise<void> {
  await sending.get(events);
}

/** An event as it is sent to other servers. */
function packed(from: string, event: RunEvent): string {
  const whole = JSON.stringify({ from, event } satisfies Sent);
  if (Buffer.byteLength(whole) <= MAX_BYTES) return whole;
  const short = (sent: Sent) => JSON.stringify(sent);
  switch (event.type) {
    case "cells":
      return short({ from, event: { type: "cells", tables: null, dates: null } });
    case "log": {
      const message = `${event.log.message.slice(0, MAX_MESSAGE)}...`;
      return short({ from, event: { ...event, log: { ...event.log, message } } });
    }
    case "task":
      return short({ from, runId: event.runId, taskId: event.task.id });
    case "run":
      return short({ from, runId: event.run.id, taskId: null });
  }
}

async function unpacked({ db }: Pick<State, "db">, sent: Sent): Promise<RunEvent | null> {
  if ("event" in sent) return sent.event;
  const { runId, taskId } = sent;
  if (taskId === null) return { type: "run", run: await getRun(db, runId) };
  const task = (await tasksOf(db, runId)).find(({ id }) => id === taskId);
  return task ? { type: "task", runId, task } : null;
}

/** Calls back for every event of this process until the returned function is called. */
export function watch({ events }: Pick<Events, "events">, listener: (event: RunEvent) => void): () => void {
  events.on(OWN, listener);
  return () => events.off(OWN, listener);
}

/** The same, with what other servers on the same Postgres say: see followOthers. */
export function watchAll(context: Pick<Events, "events">, listener: (event: RunEvent) => void): () => void {
  const stop = watch(context, listener);
  context.events.on(OTHERS, listener);
  return () => {
    stop();
    context.events.off(OTHERS, listener);
  };
}

interface Follower extends Events {
  config: Pick<Config, "databaseUrl">;
  warehouse: Pick<Warehouse, "changes">;
  revision: number;
  closing: Array<() => Promise<void>>;
}

/** Hears the events of other servers on the same Postgres, until the context is closed. */
export function followOthers(context: Follower): void {
  const { databaseUrl } = context.config;
  if (!databaseUrl) return;
  const tell = (event: RunEvent) => {
    if (event.type === "cells") {
      context.revision++;
      hearing.add(context.events);
      context.warehouse.changes.lookAgain();
      hearing.delete(context.events);
    }
    context.events.emit(OTHERS, event);
  };
  let telling: Promise<unknown> = Promise.resolve();
  const heard = (text: string) => {
    const sent = JSON.parse(text) as Sent;
    if (sent.from === context.owner) return;
    telling = telling
      .then(() => unpacked(context.state, sent))
      .then((event) => event && tell(event))
      .catch(() => undefined);
  };
  // Whatever was said while nothing was heard, anything may have changed.
  const missed = () => tell({ type: "cells", tables: null, dates: null });
  context.closing.push(listen(databaseUrl, CHANNEL, heard, missed));
}

/** Says that cells have changed: these dates by table; null where it may be any. */
export function publishCells(context: Events & { revision: number }, written: Written | null): void {
  context.revision++;
  publish(context, {
    type: "cells",
    tables: written && [...written.keys()],
    dates: written && [...new Set([...written.values()].flat())].sort(),
  });
}
