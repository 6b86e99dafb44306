module.exports = require("./load.cjs")("libsql");
