import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { demoContext } from "@/tests/support/context";
import { DEFAULT_OPTIONS, launch } from "../runner/launch";
import { previewPlan } from "../runner/plans";
import { startTracing, traced, traceNow } from "./tracing";

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status?: { code?: number; message?: string };
  attributes: Array<{ key: string; value: Record<string, unknown> }>;
}

/** A collector on this machine that keeps what comes. */
const spans: Span[] = [];
const services = new Set<unknown>();
const collector = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const all = Buffer.concat(chunks);
    const body = JSON.parse((request.headers["content-encoding"] === "gzip" ? gunzipSync(all) : all).toString());
    for (const { resource, scopeSpans } of body.resourceSpans) {
      services.add(resource.attributes.find((one: { key: string }) => one.key === "service.name")?.value.stringValue);
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    response.setHeader("content-type", "application/json").end("{}");
  });
});
afterAll(() => void collector.close());

it("a run, its tasks and its writes are one trace, sent where OpenTelemetry's settings say", async () => {
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  const end = await startTracing();
  const context = await demoContext("damaged");
  const request = { tables: ["togs"], start: "2021-11-16", end: "2021-11-17", only: "bad" as const };
  const { planId } = await previewPlan(context, { ...request, upstream: true, downstream: false });
  const { id, done } = await launch(context, planId, DEFAULT_OPTIONS, "test");
  await done;
  await expect(traced("what fails", {}, async () => Promise.reject(new Error("on purpose")))).rejects.toThrow(
    "on purpose",
  );
  await context.close();
  await end();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

  expect([...services]).toEqual(["fullcourt"]);
  const run = spans.find((span) => span.name === "run");
  const value = (span: Span | undefined, key: string) =>
    Object.values(span?.attributes.find((one) => one.key === key)?.value ?? {})[0];
  expect([value(run, "fullcourt.run"), value(run, "fullcourt.status")]).toEqual([id, "succeeded"]);
  const tasks = spans.filter((span) => span.name.startsWith("task "));
  expect(tasks.map((span) => span.name)).toContain("task togs");
  for (const task of tasks) {
    expect([task.traceId, task.parentSpanId]).toEqual([run?.traceId, run?.spanId]);
    const writes = spans.filter((span) => span.parentSpanId === task.spanId);
    expect(writes.map((span) => span.name)).toEqual(["replace partitions"]);
  }
  expect(spans.find((span) => span.name === "what fails")?.status).toEqual({ code: 2, message: "on purpose" });
  expect(traceNow()).toBeUndefined();
});
