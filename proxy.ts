import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";
import { FullcourtError } from "./lib/errors";
import { assertAllowedCaller } from "./server/access/host";
import { cookiePrefix, isKey, keyCookie, needsKey } from "./server/access/key";
import { type Config, readConfig } from "./server/config";
import { limitRate, TooManyRequests } from "./server/http/rate";

/**
 * Pages only: files of the build and of public/ hold nothing secret, and routes of the API check each request
 * themselves. Next reads this at build time, so the files are spelled out; tests/public-files.test.ts compares them.
 */
export const config = {
  matcher: [
    "/((?!api/|_next/static/|_next/image$|icon\\.svg$|icon-192\\.png$|icon-512\\.png$|apple-touch-icon\\.png$|favicon\\.ico$|social\\.png$|manifest\\.webmanifest$|robots\\.txt$).*)",
  ],
};

let settings: Config | undefined;

/** Scripts of this server alone; styles may be inline, as charts and positions are. */
const policyOf = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");

/**
 * What comes before every page: a content security policy with a nonce of its own, and the way to the
 * sign-in page for a browser without a session. Whether a session is good, the page itself asks.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  settings ??= readConfig();
  const { pathname, search, searchParams } = request.nextUrl;
  const key = needsKey(settings) ? searchParams.get("key") : null;
  const hasNewKey = key !== null && isKey(key);
  try {
    await limitRate(request.headers, settings);
    assertAllowedCaller(settings, request.headers, { withoutKey: hasNewKey });
  } catch (error) {
    if (!(error instanceof FullcourtError)) throw error;
    if (error instanceof TooManyRequests)
      return new NextResponse(error.message, { status: 429, headers: { "retry-after": String(error.seconds) } });
    return new NextResponse(error.message, { status: error.code === "key_needed" ? 401 : 403 });
  }
  if (hasNewKey) {
    const to = request.nextUrl.clone();
    to.searchParams.delete("key");
    const answer = NextResponse.redirect(to);
    answer.cookies.set(keyCookie(settings), key, { httpOnly: true, sameSite: "strict", path: "/" });
    return answer;
  }
  const session = settings.auth && `${cookiePrefix(settings.auth)}.session_token`;
  // On https its name has a prefix before it.
  const signedIn = session !== null && request.cookies.getAll().some((one) => one.name.endsWith(session));
  if (session && !signedIn && pathname !== "/sign-in") {
    const to = request.nextUrl.clone();
    to.pathname = "/sign-in";
    to.search = "";
    if (pathname !== "/") to.searchParams.set("next", pathname + search);
    return NextResponse.redirect(to);
  }
  const policy = policyOf(randomBytes(16).toString("base64"));
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-path", pathname + search);
  const answer = NextResponse.next({ request: { headers } });
  answer.headers.set("content-security-policy", policy);
  if (settings.auth?.url.startsWith("https:"))
    answer.headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  return answer;
}
