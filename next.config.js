/** @type {import("next").NextConfig} */
export default {
  // Native and WebAssembly packages load themselves at run time.
  serverExternalPackages: [
    "@duckdb/node-api",
    "@google-cloud/bigquery",
    "@duckdb/node-bindings",
    "@electric-sql/pglite",
    "@polyglot-sql/sdk",
    "better-auth",
    "pino",
    "pg",
  ],
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        { key: "x-frame-options", value: "DENY" },
        { key: "referrer-policy", value: "same-origin" },
        { key: "permissions-policy", value: "camera=(), microphone=(), geolocation=()" },
      ],
    },
  ],
  reactStrictMode: true,
};
