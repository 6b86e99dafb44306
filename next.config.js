/** @type {import("next").NextConfig} */
export default {
  output: "standalone",
  outputFileTracingRoot: import.meta.dirname,
  turbopack: {
    root: import.meta.dirname,
    // See server/native/load.cjs.
    resolveAlias: {
      "@duckdb/node-api": "./server/native/duckdb.cjs",
      "@google-cloud/bigquery": "./server/native/bigquery.cjs",
      "google-auth-library": "./server/native/google-auth.cjs",
      libsql: "./server/native/libsql.cjs",
      pg: "./server/native/pg.cjs",
      pino: "./server/native/pino.cjs",
    },
  },
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
