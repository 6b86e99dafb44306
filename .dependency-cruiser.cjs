/** Imports point one way: app -> components -> lib; app -> server -> lib. */
module.exports = {
  forbidden: [
    {
      name: "lib-is-pure",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(app|components|server|bench|e2e)/" },
    },
    {
      name: "lib-has-no-effects",
      severity: "error",
      from: { path: "^lib/", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "components-see-lib-only",
      severity: "error",
      from: { path: "^components/" },
      // A server action is called where its button is: the browser gets its name alone.
      to: { path: "^(app|server|bench|e2e)/", pathNot: "^app/(access/)?actions\\.ts$" },
    },
    {
      name: "server-sees-lib-only",
      severity: "error",
      from: { path: "^server/" },
      to: { path: "^(app|components|bench|e2e)/" },
    },
    {
      name: "one-door-to-duckdb",
      severity: "error",
      from: { pathNot: "^(server/warehouse|server/import|tests)/|\\.test\\.ts$" },
      to: { path: "^node_modules/@duckdb/" },
    },
    {
      name: "one-door-to-the-translator",
      severity: "error",
      from: { pathNot: "^server/polyglot\\.ts$" },
      to: { path: "^node_modules/@polyglot-sql/" },
    },
    {
      name: "one-door-to-the-state",
      severity: "error",
      from: { pathNot: "^(server/state/|tests/)|\\.test\\.ts$" },
      to: { path: "^node_modules/(kysely|libsql|pg)/" },
    },
    {
      name: "tests-are-not-imported",
      severity: "error",
      from: { pathNot: "\\.test\\.ts$|^(tests|e2e)/" },
      to: { path: "\\.test\\.ts$|^tests/" },
    },
    {
      name: "no-circles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js", ".json"] },
  },
};
