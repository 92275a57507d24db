import { BlockList, isIP } from "node:net";

const NETWORKS_4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`;
const NETWORKS_6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";

const special4 = blockList("ipv4", NETWORKS_4);
const special6 = blockList("ipv6", NETWORKS_6);
const unicast6 = blockList("ipv6", "2000::/3");

/**
 * Whether this is the address of a machine on the open net: not of this machine, of a network that this machine stands
 * in, of a group of machines or of nobody, and no IPv6 address that stands for an IPv4 one. For whoever opens a
 * connection on a stranger's word: what answers at a private address may be a database or the keys of a cloud.
 *
 * https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry
 */
export function isPublicAddress(address: string): boolean {
  // A zone behind it names a card of this machine.
  if (address.includes("%")) return false;
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, "ipv4");
    case 6:
      return unicast6.check(address, "ipv6") && !special6.check(address, "ipv6");
    default:
      return false;
  }
}

function blockList(family: "ipv4" | "ipv6", networks: string): BlockList {
  const list = new BlockList();
  for (const network of networks.split(/\s+/)) {
    const [address = "", bits] = network.split("/");
    list.addSubnet(address, Number(bits), family);
  }
  return list;
}
