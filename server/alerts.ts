import { createHmac } from "node:crypto";
import { type Alert, alertOf } from "@/lib/alerts";
import type { Config } from "./config";
import type { Context } from "./context";
import { log } from "./log";
import { watch } from "./runner/events";

const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 500;
const ANSWER_MS = 10_000;

type Settings = Pick<Config, "alertWebhook" | "alertSecret" | "alertFormat">;

/** The signature of a body: its receiver makes it again with the same secret. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

/** Sends an alert, again after faults that may pass, with growing pauses; true when it has arrived. */
async function sendAlert({ alertWebhook, alertSecret, alertFormat }: Settings, alert: Alert): Promise<boolean> {
  if (!alertWebhook) return false;
  const body = JSON.stringify(alertFormat === "slack" ? { text: alert.text } : alert);
  for (let attempt = 1; ; attempt++) {
    const status = await fetch(alertWebhook, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-fullcourt-delivery": `${alert.run.id} ${alert.event}`,
        ...(alertSecret ? { "x-fullcourt-signature": signatureOf(alertSecret, body) } : {}),
      },
      signal: AbortSignal.timeout(ANSWER_MS),
    }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status >= 200 && status < 300) return true;
    const mayPass = status === 0 || status === 429 || status >= 500;
    if (!mayPass || attempt === MOST_TRIES) {
      // Neither the address nor what was sent: both may hold a secret.
      log.error({ run: alert.run.id, status, tries: attempt }, "an alert was not taken by its receiver");
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (attempt - 1)));
  }
}

/** Tells of every run of this process that fails or is blocked, once; what is under way is sent before the process ends. */
export function alertOnFailure(context: Context): void {
  if (!context.config.alertWebhook) return;
  const told = new Set<string>();
  const sending = new Set<Promise<unknown>>();
  const stop = watch(context, (event) => {
    if (event.type !== "run") return;
    const alert = alertOf(event.run);
    const key = `${event.run.id} ${event.run.endedAt}`;
    if (!alert || told.has(key)) return;
    told.add(key);
    const sent: Promise<unknown> = sendAlert(context.config, alert).finally(() => sending.delete(sent));
    sending.add(sent);
  });
  context.closing.push(async () => {
    stop();
    await Promise.allSettled(sending);
  });
}
