import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { NBA } from "@/tests/support/tables";
import { readConfig } from "../config";
import { deliver, Refused, routeOf, signatureOf, signaturesOf } from "./deliver";

it("while a secret is changed an alert has the signatures of both, so that a receiver knows it by either", () => {
  const [fresh, old] = [signatureOf("new", "body"), signatureOf("old", "body")];
  expect(signaturesOf(["new", undefined], "body")).toBe(fresh);
  const both = signaturesOf(["new", "old"], "body").split(/,\s*/);
  expect(both).toEqual([fresh, old]);
  expect(both).not.toContain(signatureOf("another", "body"));
});

it("an alert that is sent elsewhere by its receiver is not taken, and goes nowhere else", async () => {
  const got: string[] = [];
  const server = createServer((request, answer) => {
    got.push(`${request.method} ${request.url}`);
    answer.writeHead(request.url === "/hook" ? 302 : 200, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const config = readConfig({ FULLCOURT_ALERT_WEBHOOK: `http://127.0.0.1:${port}/hook` });
  const alert = { event: "gap.old" as const, id: "a", text: "a", at: "", tables: [] };
  const [name = ""] = routeOf({ config, pipeline: NBA })(alert);
  await expect(deliver(config, name, alert)).rejects.toBeInstanceOf(Refused);
  expect(got).toEqual(["POST /hook"]);
  server.close();
});
