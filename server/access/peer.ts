/** Headers that scripts/peer.cjs sets, and takes from whoever else sends them. */
const PEER = "x-fullcourt-peer";
const FORWARDED = "x-fullcourt-forwarded";

/** The address at the other end of the connection; "" where the server was not started by scripts/server.cjs. */
export const peerOf = (headers: Headers): string => plainAddress(headers.get(PEER) ?? "");

/** True where a proxy has passed the request on, or says so. */
export const isForwarded = (headers: Headers): boolean => headers.has(FORWARDED);

/** An address as it is written most simply: IPv4 as that, also where a socket of IPv6 has it. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, "");
