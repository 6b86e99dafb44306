import { expect, it } from "vitest";
import { readConfig } from "./config";

it("an address with a name and a password is refused: fetch would say both in its error, which is logged", () => {
  const read = (address: string) => () => readConfig({ FULLCOURT_HEARTBEAT_URL: address });
  expect(read("https://me:s3cret@example.com/a")).toThrow("must hold no name and password");
  expect(read("nonsense")).toThrow("must be an http or https address");
  expect(read("https://example.com/a?b=c@d")).not.toThrow();
});
