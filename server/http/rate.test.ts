import { RateLimiterMemory } from "rate-limiter-flexible";
import { expect, it } from "vitest";
import { limitRate } from "./rate";

const from = (peer: string, forwarded?: string) =>
  new Headers({
    "x-fullcourt-peer": peer,
    ...(forwarded ? { "x-forwarded-for": forwarded, "x-fullcourt-forwarded": "yes" } : {}),
  });

it("a client has its share, takes none of another's, and no header gives it another's", async () => {
  const limiter = new RateLimiterMemory({ points: 5, duration: 60 });
  const none = { trustedProxies: 0 };
  const ask = (headers: Headers, config = none) =>
    limitRate(headers, config, limiter).then(
      () => "answered",
      (error) => error.code as string,
    );
  for (let at = 0; at < 5; at++) expect(await ask(from("192.0.2.1", `198.51.100.${at}`))).toBe("answered");
  expect(await ask(from("192.0.2.1", "198.51.100.9"))).toBe("too_many_requests");
  expect(await ask(from("192.0.2.2"))).toBe("answered");
  await expect(limitRate(from("192.0.2.1"), none, limiter)).rejects.toMatchObject({
    hint: expect.stringMatching(/^Ask again in \d+ s\.$/),
  });
  // A network of IPv6 is one client.
  for (let at = 0; at < 5; at++) expect(await ask(from(`2001:db8:1:2::${at + 1}`))).toBe("answered");
  expect(await ask(from("2001:db8:1:2:ffff::"))).toBe("too_many_requests");
  expect(await ask(from("2001:db8:1:3::1"))).toBe("answered");
});
