import { createHmac } from "node:crypto";
import type { Alert } from "@/lib/alerts";
import type { Config } from "../config";
import { log } from "../log";

const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 500;
const ANSWER_MS = 10_000;

/** What came of one try: it has arrived, may arrive later, or never will. */
type Tried = "arrived" | "later" | "never";

/** The signature of a body: its receiver makes it again with the same secret. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function post({ alertWebhook, alertSecret, alertFormat }: Config, alert: Alert): Promise<Tried> {
  const body = JSON.stringify(alertFormat === "slack" ? { text: alert.text } : alert);
  const status = await fetch(alertWebhook as string, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-fullcourt-delivery": alert.id,
      ...(alertSecret ? { "x-fullcourt-signature": signatureOf(alertSecret, body) } : {}),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
  }).then(
    (answer) => answer.status,
    () => 0,
  );
  if (status >= 200 && status < 300) return "arrived";
  return status === 0 || status === 429 || status >= 500 ? "later" : "never";
}

/** The first sentence: what a letter's subject says. */
const subjectOf = ({ text }: Alert): string => `Fullcourt: ${text.split(/[:.] /)[0]}`;

async function mail({ alertEmail, alertFrom, smtpUrl, publicUrl }: Config, alert: Alert): Promise<Tried> {
  // Loaded when it is needed: most processes write no letter.
  const { createTransport } = await import("nodemailer");
  const link = publicUrl ? `\n\n${publicUrl}${alert.run ? `/backfills/${alert.run.id}` : "/"}\n` : "\n";
  const transport = createTransport(smtpUrl as string, {
    // A letter that is sent twice after a lost answer is the same letter.
    from: alertFrom,
    messageId: `<${signatureOf("", alert.id).slice(7, 39)}@fullcourt>`,
  });
  try {
    await transport.sendMail({ to: alertEmail, subject: subjectOf(alert), text: `${alert.text}${link}` });
    return "arrived";
  } catch (error) {
    const code = (error as { responseCode?: number }).responseCode;
    return code === undefined || code < 500 ? "later" : "never";
  } finally {
    transport.close();
  }
}

async function untilArrived(way: string, alert: Alert, attempt: () => Promise<Tried>): Promise<void> {
  for (let tries = 1; ; tries++) {
    const tried = await attempt();
    if (tried === "arrived") return;
    if (tried === "never" || tries === MOST_TRIES) {
      // Neither the address nor what was sent: both may hold a secret.
      log.error({ alert: alert.id, way, tries }, "an alert was not taken by its receiver");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tries - 1)));
  }
}

/** True where there is somebody to tell. */
export const hasReceiver = ({ alertWebhook, alertEmail }: Config): boolean =>
  alertWebhook !== undefined || alertEmail.length > 0;

/** Sends an alert by every way that is set up, again after faults that may pass, with growing pauses. */
export async function deliver(config: Config, alert: Alert): Promise<void> {
  await Promise.all([
    config.alertWebhook && untilArrived("webhook", alert, () => post(config, alert)),
    config.alertEmail.length > 0 && untilArrived("e-mail", alert, () => mail(config, alert)),
  ]);
}
