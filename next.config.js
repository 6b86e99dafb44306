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
  // What a page or action may be sent; Next keeps a copy of it for proxy.ts.
  experimental: {
    serverActions: { bodySizeLimit: "1mb" },
    proxyClientMaxBodySize: "1mb",
    // A build is made once, in a fresh clone, and holds no maps.
    turbopackFileSystemCacheForBuild: false,
    turbopackSourceMaps: process.env.NODE_ENV !== "production",
  },
  poweredByHeader: false,
  typescript: { ignoreBuildErrors: true },
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "x-content-type-options", value: "nosniff" },
        { key: "x-frame-options", value: "DENY" },
        { key: "referrer-policy", value: "same-origin" },
        { key: "permissions-policy", value: "camera=(), microphone=(), geolocation=()" },
        { key: "cross-origin-opener-policy", value: "same-origin" },
        { key: "cross-origin-resource-policy", value: "same-origin" },
      ],
    },
    {
      // Answers are data, and of the moment; a route that says otherwise has the last word.
      source: "/api/:path*",
      headers: [
        { key: "content-security-policy", value: "default-src 'none'; frame-ancestors 'none'" },
        { key: "cache-control", value: "no-store" },
      ],
    },
  ],
  reactStrictMode: true,
};
