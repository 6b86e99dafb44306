/** Files of one pattern import none of another. */
const rule = (name, from, to) => ({ name, severity: "error", from, to });
const TESTS = "\\.test\\.ts$";

/** Imports point one way: app -> components -> lib; app -> server -> lib. */
module.exports = {
  forbidden: [
    rule(
      "lib-is-pure",
      { path: "^lib/", pathNot: "^lib/pipelines/[^/]+/tests/" },
      { path: "^(app|components|server|bench|e2e)/" },
    ),
    rule(
      "the-engine-knows-no-pipeline",
      { path: "^(lib/engine|components)/", pathNot: TESTS },
      { path: "^(lib/pipelines/|fullcourt\\.config)" },
    ),
    rule(
      "pipelines-have-one-door",
      // What configurations import.
      { pathNot: `^(lib/pipelines|lib/fullcourt\\.ts|tests|e2e|bench)|${TESTS}` },
      { path: "^lib/pipelines/", pathNot: "^lib/pipelines/index\\.ts$" },
    ),
    rule("lib-has-no-effects", { path: "^lib/", pathNot: TESTS }, { dependencyTypes: ["core"] }),
    rule(
      "components-see-lib-only",
      { path: "^components/" },
      // A server action is called where its button is: the browser gets its name alone.
      { path: "^(app|server|bench|e2e)/", pathNot: "^app/(access/)?actions\\.ts$" },
    ),
    rule("server-sees-lib-only", { path: "^server/" }, { path: "^(app|components|bench|e2e)/" }),
    rule(
      "one-door-to-duckdb",
      { pathNot: `^(server/warehouse|server/import|tests)/|${TESTS}` },
      { path: "^node_modules/@duckdb/" },
    ),
    rule(
      "one-door-to-the-translator",
      { pathNot: "^server/platform/polyglot\\.ts$" },
      { path: "^node_modules/@polyglot-sql/" },
    ),
    rule(
      "one-door-to-the-state",
      { pathNot: `^(server/state/|server/warehouse/postgres/|tests/)|${TESTS}` },
      { path: "^node_modules/(kysely|libsql|pg)/" },
    ),
    rule("tests-are-not-imported", { pathNot: `${TESTS}|^(tests|e2e|bench)/` }, { path: `${TESTS}|^tests/` }),
    rule("no-circles", {}, { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } }),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js", ".json"] },
  },
};
