import { createServer, type Server } from "node:http";
import Provider from "oidc-provider";
import { freePort } from "./free-port";

/** A provider of OpenID Connect on this machine: whoever signs in as "name" has the address name@DOMAIN. */
export interface LocalProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

/** Starts one whose only client is sent back to `redirectUri`; addresses it vouches for, unless `isVerified` is false. */
export async function startOidc(
  redirectUri: string,
  { domain = "example.com", isVerified = true } = {},
): Promise<LocalProvider> {
  const issuer = `http://127.0.0.1:${await freePort()}`;
  const client = { clientId: "fullcourt", clientSecret: "a-secret-of-the-provider-alone" };
  const provider = new Provider(issuer, {
    clients: [{ client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: [redirectUri] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["a key of the provider"] },
    // Claims go into the ID token too, as most providers have it.
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: id, email: `${id}@${domain}`, email_verified: isVerified }),
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
