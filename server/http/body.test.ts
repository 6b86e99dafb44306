import { expect, it } from "vitest";
import { readJson, statusOf } from ".";
import { readBytes } from "./body";

/** A body without an end; how many kibibytes of it were taken. */
function endless() {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken++;
      controller.enqueue(new Uint8Array(1024).fill(0x20));
    },
  });
  return {
    request: new Request("http://127.0.0.1/", { method: "POST", body, duplex: "half" } as RequestInit),
    taken: () => taken,
  };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => "taken",
    (error) => `${statusOf(error)} ${error.message}`,
  );
const post = (body: string, headers: Record<string, string> = {}) =>
  new Request("http://127.0.0.1/", { method: "POST", body, headers });

it("JSON of more than 1 MiB is refused, whether its length is said or not, and no more of it is read", async () => {
  const { request, taken } = endless();
  expect(await failure(readJson(request))).toBe("413 The body is larger than 1 MiB.");
  expect(taken()).toBeLessThan(1_100);
  const said = endless();
  const longer = new Request(said.request, { headers: { "content-length": String((1 << 20) + 1) } });
  expect(await failure(readJson(longer))).toMatch(/^413 /);
  expect(said.taken()).toBeLessThan(3);
  expect(await readJson(post(JSON.stringify("x".repeat((1 << 20) - 2))))).toHaveLength((1 << 20) - 2);
});

it("what is sent before signing in has a limit of 64 KiB", async () => {
  const { request, taken } = endless();
  expect(await failure(readBytes(request, 64 << 10))).toBe("413 The body is larger than 64 KiB.");
  expect(taken()).toBeLessThan(80);
});

it("a body that is no JSON is wrong input, none at all only where nothing stands for it", async () => {
  expect(await failure(readJson(post("{")))).toBe("400 The body is not JSON.");
  expect(await failure(readJson(post("")))).toBe("400 The body is not JSON.");
  expect(await readJson(post(""), {})).toEqual({});
});
