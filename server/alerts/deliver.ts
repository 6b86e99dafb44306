import { createHmac } from "node:crypto";
import type { Alert } from "@/lib/alerts";
import type { Config } from "../config";
import { log } from "../log";
import { backoff, retry } from "../platform/retry";

const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 500;
const ANSWER_MS = 10_000;

/** An answer that another try would not change. */
class Refused extends Error {}

/** The signature of a body: its receiver makes it again with the same secret. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function post({ alertWebhook, alertSecret, alertFormat }: Config, alert: Alert): Promise<void> {
  const body = JSON.stringify(alertFormat === "slack" ? { text: alert.text } : alert);
  const { ok, status } = await fetch(alertWebhook as string, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-fullcourt-delivery": alert.id,
      ...(alertSecret ? { "x-fullcourt-signature": signatureOf(alertSecret, body) } : {}),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (ok) return;
  throw status === 429 || status >= 500 ? new Error("busy") : new Refused();
}

/** The first sentence: what a letter's subject says. */
const subjectOf = ({ text }: Alert): string => `Fullcourt: ${text.split(/[:.] /)[0]}`;

async function mail({ alertEmail, alertFrom, smtpUrl, publicUrl }: Config, alert: Alert): Promise<void> {
  // Loaded when it is needed: most processes write no letter.
  // Bundled, a CommonJS package that is imported dynamically gives its default alone.
  const { default: nodemailer } = await import("nodemailer");
  const link = publicUrl ? `\n\n${publicUrl}${alert.run ? `/backfills/${alert.run.id}` : "/"}\n` : "\n";
  const transport = nodemailer.createTransport(smtpUrl as string, {
    // A letter that is sent twice after a lost answer is the same letter.
    from: alertFrom,
    messageId: `<${signatureOf("", alert.id).slice(7, 39)}@fullcourt>`,
  });
  try {
    await transport.sendMail({ to: alertEmail, subject: subjectOf(alert), text: `${alert.text}${link}` });
  } catch (error) {
    throw ((error as { responseCode?: number }).responseCode ?? 0) < 500 ? error : new Refused();
  } finally {
    transport.close();
  }
}

async function send(way: string, alert: Alert, attempt: () => Promise<void>): Promise<void> {
  const mayPass = (error: unknown) => !(error instanceof Refused);
  await retry(attempt, { max: MAX_TRIES, pauseMs: backoff(FIRST_PAUSE_MS), mayPass }).catch(() =>
    // Neither the address nor what was sent: both may hold a secret.
    log.error({ alert: alert.id, way }, "an alert was not taken by its receiver"),
  );
}

export const hasReceiver = ({ alertWebhook, alertEmail }: Config): boolean =>
  alertWebhook !== undefined || alertEmail.length > 0;

/** Sends an alert by every way that is set up, again after faults that may pass, with growing pauses. */
export async function deliver(config: Config, alert: Alert): Promise<void> {
  await Promise.all([
    config.alertWebhook && send("webhook", alert, () => post(config, alert)),
    config.alertEmail.length > 0 && send("e-mail", alert, () => mail(config, alert)),
  ]);
}
