import { BlockList, isIP, isIPv6 } from "node:net";

/** Whose word counts for who sends a request: so many hops before the server, or proxies by address. */
type TrustedProxies = number | BlockList;

/** Headers that scripts/peer.cjs sets, and removes from client requests. */
const PEER = "x-fullcourt-peer";
const FORWARDED = "x-fullcourt-forwarded";
const HERE = "x-fullcourt-here";
/** The header that tells sign-in the client's address: set by the route only. */
export const CLIENT = "x-fullcourt-client";

/** True where a proxy has passed the request on, or says so. */
export const isForwarded = (headers: Headers): boolean => headers.has(FORWARDED);

/** True where a request comes from this machine itself, or the server was not started by scripts/server.cjs. */
export const isFromHere = (headers: Headers): boolean =>
  !headers.has(PEER) || (headers.has(HERE) && !isForwarded(headers));

/** An address as it is written most simply, without a port: IPv4 as that, also where a socket of IPv6 has it; "" for none. */
function plainAddress(text: string): string {
  const bare = text
    .trim()
    .replace(/^\[(.+)\](:\d+)?$/, "$1")
    .replace(/^([\d.]+):\d+$/, "$1");
  const plain = bare.replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(plain) ? plain : "";
}

/** Addresses and ranges (10.0.0.0/8) as a list to look things up in; an error where one is none. */
export function readRanges(texts: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of texts) {
    const [address = "", bits] = text.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d+$/.test(bits)) list.addSubnet(address, Number(bits), family);
    else throw new Error(`${text} is no range`);
  }
  return list;
}

/**
 * The address of the client of a request. Without trusted proxies, that of the connection. Of as many trusted hops as
 * a number says, what the outermost has seen; of trusted addresses, the nearest address that is none of them. "" where
 * nothing is known, as under `next dev`.
 */
export function clientAddress(headers: Headers, trusted: TrustedProxies): string {
  const peer = plainAddress(headers.get(PEER) ?? "");
  if (trusted === 0 || !isForwarded(headers)) return peer;
  // The nearest last; what is no address was written by nobody who is trusted.
  const chain = [...(headers.get("x-forwarded-for") ?? "").split(",").map(plainAddress), peer];
  let at = chain.length - 1;
  const isTrusted = (address: string) =>
    typeof trusted === "number"
      ? chain.length - 1 - at < trusted
      : trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  while (at > 0 && chain[at - 1] && isTrusted(chain[at] as string)) at--;
  return chain[at] as string;
}

/** What counts as one client: an address of IPv4, a network of IPv6, as one household has 2^64 of those. */
export function clientKey(address: string): string {
  if (!isIPv6(address)) return address;
  const [left = "", right] = address.toLowerCase().split("::");
  const groups = left.split(":").filter(Boolean);
  const others = (right ?? "").split(":").filter(Boolean);
  const all = [...groups, ...Array(Math.max(0, 8 - groups.length - others.length)).fill("0"), ...others];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
