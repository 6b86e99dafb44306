module.exports = require("./load.cjs")("google-auth-library");
