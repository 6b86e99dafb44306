// Starts the dashboard: Next's standalone server, in the folder where the command was given.
const path = require("node:path");

const { config } = require("./.next/required-server-files.json");
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
// Node has read it; programs that the server starts are not to have it.
delete process.env.NODE_PATH;
require("./peer.cjs");
require("next");
require("next/dist/server/lib/start-server")
  .startServer({
    dir: path.join(__dirname),
    isDev: false,
    config,
    hostname: process.env.HOST,
    port: Number(process.env.PORT),
    allowRetry: false,
  })
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
