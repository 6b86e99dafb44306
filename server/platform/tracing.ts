import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";

/** Spans go nowhere unless startTracing() has found where. */
const tracer = () => trace.getTracer("fullcourt");

/**
 * Sends spans where OpenTelemetry's own settings say (OTEL_EXPORTER_OTLP_ENDPOINT or
 * OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_HEADERS); gives what sends the
 * last of them. Nothing is loaded where none is set.
 */
export async function startTracing(
  env: Record<string, string | undefined> = process.env,
): Promise<() => Promise<void>> {
  if (!env.OTEL_EXPORTER_OTLP_ENDPOINT && !env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return async () => undefined;
  const { BatchSpanProcessor, NodeTracerProvider, OTLPTraceExporter, resourceFromAttributes } = await import(
    "./tracing-sdk"
  );
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": env.OTEL_SERVICE_NAME ?? "fullcourt" }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  // A collector that is down must not keep a process from ending well.
  return () => provider.shutdown().catch(() => undefined);
}

/** Does work in a span of its own; `say` adds what is known afterwards. An error marks it. */
export function traced<T>(
  name: string,
  attributes: Attributes,
  work: (say: (more: Attributes) => void) => Promise<T>,
): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work((more) => void span.setAttributes(more));
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

export const traceNow = (): string | undefined => trace.getActiveSpan()?.spanContext().traceId;
