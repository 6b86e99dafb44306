/** @type {import("next").NextConfig} */
export default {
  // Native and WebAssembly packages load themselves at run time.
  serverExternalPackages: [
    "@duckdb/node-api",
    "@google-cloud/bigquery",
    "@duckdb/node-bindings",
    "@electric-sql/pglite",
    "@polyglot-sql/sdk",
    "pino",
    "pg",
  ],
  turbopack: { root: import.meta.dirname },
  poweredByHeader: false,
  reactStrictMode: true,
};
