import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";
import type { CellDetail, CoverageDocument } from "@/lib/api/coverage";
import { VERSION } from "@/lib/api/openapi";
import type { Plan, RunDetail } from "@/lib/api/runs";
import { dateSchema } from "@/lib/api/schemas";
import { statesNeedWork } from "@/lib/engine/coverage/types";
import { type ErrorCode, FullcourtError } from "@/lib/errors";
import type { Config } from "../../config";
import { holderOf, isHere } from "../../platform/home";
import type { Run } from "../command";

/** At most so many gaps are told in one answer: a reader who needs all asks for a shorter range. */
const MAX_GAPS = 200;

/** Asks the dashboard's API, as a person with this token would. Gives the document of its answer. */
type Ask = (path: string, body?: unknown) => Promise<unknown>;

function askAt(url: string, token: string | undefined): Ask {
  return async (path, body) => {
    const headers: Record<string, string> = {};
    if (token) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const answer = await fetch(new URL(path, url), {
      headers,
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    }).catch((error) => {
      throw new FullcourtError(
        "server_unreachable",
        `The dashboard does not answer at ${url}: ${(error as Error).message}`,
        "Start it with `fullcourt serve`.",
      );
    });
    const found = (await answer.json()) as { error?: { code: ErrorCode; message: string; hint?: string } };
    if (answer.ok) return found;
    const { code = "server_refused", message = `The dashboard answered ${answer.status}.`, hint } = found.error ?? {};
    throw new FullcourtError(code, message, hint);
  };
}

const query = (values: Record<string, string | undefined>): string =>
  new URLSearchParams(Object.entries(values).filter((one): one is [string, string] => one[1] !== undefined)).toString();

const range = { start: dateSchema.optional(), end: dateSchema.optional(), tables: z.array(z.string()).optional() };
const cell = { table: z.string(), date: dateSchema };
const run = { id: z.string() };
const READS = { readOnlyHint: true, openWorldHint: false };

/** The tools, each an API route: who may call it is decided there, by the token's role, and written in its audit log. */
export function mcpServer(ask: Ask): McpServer {
  const server = new McpServer({ name: "fullcourt", version: VERSION });
  const tool = <Shape extends z.ZodRawShape>(
    name: string,
    description: string,
    inputSchema: Shape,
    annotations: { readOnlyHint: boolean; destructiveHint?: boolean; openWorldHint: boolean },
    call: (args: z.output<z.ZodObject<Shape>>) => Promise<unknown>,
  ) =>
    server.registerTool<z.ZodRawShape, z.ZodRawShape>(name, { description, inputSchema, annotations }, async (args) => {
      try {
        const text = JSON.stringify(await call(args as z.output<z.ZodObject<Shape>>));
        return { content: [{ type: "text" as const, text }] };
      } catch (error) {
        if (!(error instanceof FullcourtError)) throw error;
        const text = [error.message, error.hint].filter(Boolean).join(" ");
        return { content: [{ type: "text" as const, text }], isError: true };
      }
    });

  tool(
    "gaps",
    "Which tables are not right on which dates: the cells that need work, with their state and reasons, and through which date all is safe to use.",
    range,
    READS,
    async ({ start, end, tables }) => {
      const asked = query({ start, end, tables: tables?.join(",") });
      const { range, summary, dates } = (await ask(`/api/coverage?${asked}`)) as CoverageDocument;
      const gaps = dates.flatMap(({ date, cells }) =>
        Object.entries(cells)
          .filter(([, one]) => !one.accepted && statesNeedWork(one.states))
          .map(([table, { state, rows, expected, reasons }]) => ({ table, date, state, rows, expected, reasons })),
      );
      return { range, summary, gaps: gaps.slice(0, MAX_GAPS), left_out: Math.max(0, gaps.length - MAX_GAPS) };
    },
  );
  tool(
    "why",
    "Why a table is as it is on a date: its state, the chain of causes back to what has to be put right first, and its last runs.",
    cell,
    READS,
    async (args) => {
      const { cell, why, runs } = (await ask(`/api/cell?${query(args)}`)) as CellDetail;
      return { cell, why, runs };
    },
  );
  tool(
    "plan",
    "What a backfill would build, in which order and how long it takes. Changes nothing; its planId is what backfill takes.",
    {
      ...range,
      start: dateSchema,
      end: dateSchema,
      only: z.enum(["missing", "bad", "all"]).optional(),
      upstream: z.boolean().optional(),
      downstream: z.boolean().optional(),
    },
    READS,
    async (args) => {
      const plan = (await ask("/api/plans", args)) as Plan;
      const tasks = plan.tasks.map(({ table, start, end, reason }) => ({ table, start, end, reason }));
      return { planId: plan.planId, cells: plan.cells.length, tasks, estimate: plan.estimate, leftOut: plan.leftOut };
    },
  );
  tool(
    "backfill",
    "Runs a plan exactly as it was shown. Needs the role operator.",
    { planId: z.string() },
    { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    ({ planId }) => ask("/api/backfills", { planId }),
  );
  tool("run", "How far a backfill is, with its tasks, and what it has left.", run, READS, async ({ id }) => {
    const { run, tasks, left } = (await ask(`/api/runs/${encodeURIComponent(id)}`)) as RunDetail;
    return {
      run,
      left,
      tasks: tasks.map(({ table, start, end, status, error }) => ({ table, start, end, status, error })),
    };
  });
  tool(
    "cancel",
    "Ends a backfill. Needs the role operator.",
    run,
    { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
    ({ id }) => ask(`/api/runs/${encodeURIComponent(id)}/cancel`, {}),
  );
  return server;
}

/**
 * Serves the Model Context Protocol on standard input and output until its input ends: a client of the dashboard that
 * holds the home, or of the one at FULLCOURT_URL, as whoever FULLCOURT_TOKEN belongs to.
 */
export const mcp: Run<Config> = async ({ home, publicUrl, token }, _words, _values, io) => {
  const holder = holderOf(home);
  const at = (holder && isHere(holder) ? holder.url : undefined) ?? publicUrl;
  if (!at)
    throw new FullcourtError(
      "server_unreachable",
      `No dashboard runs for the home ${home}.`,
      "Start one with `fullcourt serve`, or set FULLCOURT_URL to the address of another.",
    );
  const server = mcpServer(askAt(at, token));
  const ended = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
    process.stdin.once("end", resolve);
    io.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await server.connect(new StdioServerTransport());
  io.err(`Fullcourt's tools, of the dashboard at ${at}.\n`);
  await ended;
  await server.close();
  return 0;
};
