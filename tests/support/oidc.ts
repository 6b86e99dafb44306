import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";
import { freePort } from "./free-port";

/** A provider of OpenID Connect on this machine: whoever signs in as "name" has the address name@example.com. */
export interface LocalProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

/** What a provider says of somebody beside their name and address. */
export interface Claims {
  email?: string;
  email_verified?: boolean;
  groups?: string[];
}

/** Starts one whose only client is sent back to `redirectUri`. It vouches for addresses, unless `claimsOf` says otherwise. */
export async function startOidc(
  redirectUri: string,
  claimsOf: (name: string) => Claims = () => ({ email_verified: true }),
): Promise<LocalProvider> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const client = { clientId: "fullcourt", clientSecret: "a-secret-of-the-provider-alone" };
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "groups"] },
    cookies: { keys: ["a key of the provider"] },
    // Claims go into the ID token too, as most providers have it.
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@example.com`, ...claimsOf(id) }),
    }),
  });
  const server: Server = createServer(provider.callback());
  await new Promise<void>((resolve) => server.listen(Number(new URL(issuer).port), "127.0.0.1", resolve));
  return {
    issuer,
    ...client,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const cookiesOf = (answer: Response): string[] =>
  answer.headers.getSetCookie().map((one) => one.split(";")[0] as string);

/** Signs in as a browser does, without one: gives the cookie, or the fault that the sign-in page would show. */
export async function signInBy(
  auth: { handler(request: Request): Promise<Response> },
  url: string,
  name: string,
): Promise<{ cookie?: string; fault?: string }> {
  const begun = await auth.handler(
    new Request(`${url}/api/auth/sign-in/social`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify({ provider: "oidc", callbackURL: "/", errorCallbackURL: "/sign-in" }),
    }),
  );
  const ours = cookiesOf(begun).join("; ");
  // By path, as the provider has one for each step.
  const theirs = new Map<string, string>();
  let to: string = (await begun.json()).url;
  let form: Record<string, string> | undefined;
  while (!to.startsWith(url)) {
    const answer = await fetch(to, {
      redirect: "manual",
      headers: { cookie: [...theirs.values()].join("; ") },
      ...(form ? { method: "POST", body: new URLSearchParams(form) } : {}),
    });
    for (const one of cookiesOf(answer)) theirs.set(one.split("=")[0] as string, one);
    const location = answer.headers.get("location");
    const page = location ? "" : await answer.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!location && !prompt) throw new Error(`the provider answered ${answer.status}: ${page.slice(0, 300)}`);
    form = prompt ? { prompt, login: name, password: "any" } : undefined;
    to = new URL(location ?? (/action="([^"]+)"/.exec(page)?.[1] as string), to).href;
  }
  const back = await auth.handler(new Request(to, { headers: { cookie: ours } }));
  const fault = new URL(back.headers.get("location") ?? "/", url).searchParams.get("error") ?? undefined;
  return { cookie: cookiesOf(back).find((one) => one.includes("session_token=")), fault };
}
