module.exports = require("./load.cjs")("pg");
