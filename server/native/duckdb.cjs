module.exports = require("./load.cjs")("@duckdb/node-api");
