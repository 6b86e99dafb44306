module.exports = require("./load.cjs")("pino");
