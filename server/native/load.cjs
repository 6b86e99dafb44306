// Packages that the dashboard's build must leave alone (native, or with files of their own) come from the program's
// own dependencies when they are first asked for. Turbopack's externals would be names with a hash in a nested
// node_modules, which no package can carry.
const { createRequire } = process.getBuiltinModule("node:module");
const root = process.env.FULLCOURT_PROGRAM ?? process.cwd();

module.exports = createRequire(`${root}/package.json`);
