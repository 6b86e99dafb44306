module.exports = require("./load.cjs")("@google-cloud/bigquery");
