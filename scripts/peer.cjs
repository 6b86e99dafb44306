// Says who is at the other end of a request's connection, in headers that this process alone writes: Next hands on no
// socket, and fills x-forwarded-* in where nobody sent it. What a client sends under these names is dropped.
const { subscribe } = require("node:diagnostics_channel");

const FORWARDED = /^(forwarded|via|x-real-ip|x-forwarded-.+)$/;

// Published before a server's listeners see the request; the object of headers is made once.
subscribe("http.server.request.start", ({ request, socket }) => {
  const { headers } = request;
  const names = Object.keys(headers);
  for (const name of names) if (name.startsWith("x-fullcourt-")) delete headers[name];
  headers["x-fullcourt-peer"] = socket.remoteAddress ?? "";
  // From one machine to itself both ends have one address.
  if (socket.remoteAddress === socket.localAddress) headers["x-fullcourt-here"] = "yes";
  if (names.some((name) => FORWARDED.test(name))) headers["x-fullcourt-forwarded"] = "yes";
});
