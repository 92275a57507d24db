/** Without leading zeros, which some read as octal. */
const IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const IPV6_CHARACTERS = /^[0-9a-f:.]+$/i;
const GROUPS = 8;
/** No address is longer: `0000:0000:0000:0000:0000:ffff:255.255.255.255`. */
const MAX_LENGTH = 45;

/**
 * The network an address belongs to, for counting per network: `203.0.113.0/24` for IPv4, also when it is written as
 * IPv6, and `2001:db8:1::/48` for IPv6, in the one spelling of RFC 5952. A single person easily holds a whole /48 but
 * hardly a /24, so counting single addresses would count nothing. What is not an address is "unknown", all in one.
 */
export function networkOf(address: string): string {
  if (address.length > MAX_LENGTH) return "unknown";
  const bytes = bytesOf(address);
  if (bytes !== null) return network4(bytes);
  const groups = groupsOf(address);
  if (groups === null) return "unknown";
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 6).join() === "0,0,0,0,0,65535") return network4([high >> 8, high & 255, low >> 8]);
  return `${canonical([...groups.slice(0, 3), 0, 0, 0, 0, 0])}/48`;
}

function bytesOf(address: string): number[] | null {
  const bytes = IPV4.exec(address)?.slice(1).map(Number) ?? [256];
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function network4(bytes: readonly number[]): string {
  return `${bytes.slice(0, 3).join(".")}.0/24`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] | null {
  if (!IPV6_CHARACTERS.test(address)) return null;
  const host = hostOf(address);
  if (host === null) return null;
  const [left = [], right = []] = host.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const gap = Array.from({ length: GROUPS - left.length - right.length }, () => "0");
  return [...left, ...gap, ...right].map((group) => Number.parseInt(group, 16));
}

function canonical(groups: readonly number[]): string | null {
  return hostOf(groups.map((group) => group.toString(16)).join(":"));
}

/** The canonical spelling, by the platform's own parser of addresses. */
function hostOf(address: string): string | null {
  return URL.parse(`http://[${address}]`)?.hostname.slice(1, -1) ?? null;
}
