import { createHash, createHmac } from "node:crypto";
import { type Alert, type Receiver, receiversFor } from "@/lib/engine/alerts";
import { findTable } from "@/lib/engine/pipeline/find";
import { formatSubject } from "@/lib/engine/view/format-alerts";
import type { Config } from "../config";
import type { Context } from "../context";

const ANSWER_MS = 10_000;

/** An answer that another try would not change. */
export class Refused extends Error {}

/** The signature of a body: its receiver makes it again with the same secret. */
export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

/** The signatures of a body by each secret that is set, parted by commas: a receiver that knows one of them finds its own. */
export const signaturesOf = (secrets: ReadonlyArray<string | undefined>, body: string): string =>
  secrets.flatMap((secret) => (secret ? [signatureOf(secret, body)] : [])).join(", ");

async function post({ alertSecret, alertSecretOld, alertFormat }: Config, url: string, alert: Alert): Promise<void> {
  const body = JSON.stringify(alertFormat === "slack" ? { text: alert.text } : alert);
  const { ok, status } = await fetch(url, {
    method: "POST",
    // After most redirects it would be a GET without the alert; after the others it, signed, would be another's.
    redirect: "manual",
    body,
    headers: {
      "content-type": "application/json",
      "x-fullcourt-delivery": alert.id,
      ...(alertSecret ? { "x-fullcourt-signature": signaturesOf([alertSecret, alertSecretOld], body) } : {}),
    },
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (ok) return;
  throw status === 429 || status >= 500 ? new Error("busy") : new Refused();
}

async function mail({ alertFrom, smtpUrl, publicUrl }: Config, to: string[], alert: Alert): Promise<void> {
  // Loaded when it is needed: most processes write no e-mail.
  // Bundled, a CommonJS package that is imported dynamically gives its default alone.
  const { default: nodemailer } = await import("nodemailer");
  const link = publicUrl ? `\n\n${publicUrl}${alert.run ? `/backfills/${alert.run.id}` : "/"}\n` : "\n";
  const transport = nodemailer.createTransport({
    url: smtpUrl as string,
    // Its own are minutes, and a row of the outbox is not the sender's alone for so long.
    connectionTimeout: ANSWER_MS,
    greetingTimeout: ANSWER_MS,
    socketTimeout: ANSWER_MS,
  });
  try {
    await transport.sendMail({
      from: alertFrom,
      to,
      subject: formatSubject(alert),
      text: `${alert.text}${link}`,
      // One that is sent twice after a lost answer is the same e-mail.
      messageId: `<${signatureOf("", alert.id).slice(7, 39)}@fullcourt>`,
    });
  } catch (error) {
    throw ((error as { responseCode?: number }).responseCode ?? 0) < 500 ? error : new Refused();
  } finally {
    transport.close();
  }
}

const defaultsOf = ({ alertWebhook, alertEmail }: Config): Receiver[] => [
  ...(alertWebhook ? [{ kind: "webhook" as const, url: alertWebhook }] : []),
  ...(alertEmail.length > 0 ? [{ kind: "email" as const, to: alertEmail }] : []),
];

/** A receiver by name, as the outbox has it: a webhook's address may hold a secret. */
const nameOf = (receiver: Receiver): string =>
  receiver.kind === "email"
    ? `mailto:${receiver.to.join(",")}`
    : `webhook:${createHash("sha256").update(receiver.url).digest("hex").slice(0, 16)}`;

export const hasReceiver = (config: Config): boolean => defaultsOf(config).length > 0 || config.alertRoutes.length > 0;

/** The names of all recipients of an alert, by the owners of its tables. */
export const routeOf =
  ({ config, pipeline }: Pick<Context, "config" | "pipeline">) =>
  ({ tables }: Alert): string[] => {
    const owners = tables.map((name) => findTable(pipeline, name)?.owner);
    return receiversFor(owners, config.alertRoutes, defaultsOf(config)).map(nameOf);
  };

/** Sends an alert to the receiver of a name, once. Refused where another try would not change the answer. */
export async function deliver(config: Config, name: string, alert: Alert): Promise<void> {
  const receiver = [...defaultsOf(config), ...config.alertRoutes.map((route) => route.receiver)].find(
    (one) => nameOf(one) === name,
  );
  // It is not in the settings any more.
  if (!receiver) throw new Refused();
  await (receiver.kind === "email" ? mail(config, receiver.to, alert) : post(config, receiver.url, alert));
}
