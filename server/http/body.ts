import { FullcourtError } from "@/lib/errors";

/** Most bytes of a body that is JSON. */
export const MAX_JSON_BYTES = 1 << 20;
/** Most bytes of what somebody sends who has not signed in yet. */
export const MAX_SIGN_IN_BYTES = 64 << 10;

/** A number of bytes in words: 64 KiB, 256 MiB. */
export const bytesWords = (bytes: number): string => (bytes < 1 << 20 ? `${bytes >> 10} KiB` : `${bytes >> 20} MiB`);

const bodyTooLarge = (most: number): FullcourtError =>
  new FullcourtError(
    "body_too_large",
    `The body is larger than ${bytesWords(most)}.`,
    "Send less at once; raw files go by /api/import or `fullcourt import FILE...`.",
  );

/** An error where a request says that its body is larger than `most` bytes: nothing of it is read then. */
export function assertLength(headers: Headers, most: number, error = bodyTooLarge): void {
  if (Number(headers.get("content-length") ?? 0) > most) throw error(most);
}

/** The bytes of a request's body, at most `most`: it is left unread from there on. */
export async function readBytes(request: Request, most: number): Promise<Buffer<ArrayBuffer>> {
  assertLength(request.headers, most);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop cancels the stream.
  for await (const part of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > most) throw bodyTooLarge(most);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
