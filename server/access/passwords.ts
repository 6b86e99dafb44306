import { APIError } from "better-auth/api";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import { Semaphore } from "../platform/semaphore";

/** A check takes some 64 MB and a core for a tenth of a second: others are to be answered meanwhile. */
const AT_ONCE = 2;
/** Checks that may wait; later ones get 429. */
const MAX_WAITING = 30;

const gate = new Semaphore(AT_ONCE);
let waiting = 0;

/** Does the work of one password, two of them at a time; an error where too many wait already. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (waiting >= MAX_WAITING)
    // An error of better-auth's: any other is a fault of the server to it.
    throw new APIError("TOO_MANY_REQUESTS", {
      code: "too_many_requests",
      message: "Too many people sign in at this moment. Try again in a minute.",
    });
  waiting++;
  const release = await gate.acquire().finally(() => waiting--);
  try {
    return await work();
  } finally {
    release();
  }
}

/** Passwords as better-auth hashes and checks them, two at a time. */
export const hashing = {
  hash: (password: string): Promise<string> => inTurn(() => hashPassword(password)),
  verify: (given: { hash: string; password: string }): Promise<boolean> => inTurn(() => verifyPassword(given)),
};
