"""Prints the networks of the arguments after the first as ufw writes them; fails unless the first, an address, is inside one."""
import ipaddress
import json
import sys

try:
    address = ipaddress.ip_address(sys.argv[1])
    networks = [ipaddress.ip_network(text) for text in sys.argv[2:]]
except ValueError as error:
    sys.exit(f"{error}.")
if networks and not any(address in network for network in networks):
    sys.exit(f"{address}, which this run comes from, is in none of them, so it would lock itself out.")
print(json.dumps([str(n.network_address if n.num_addresses == 1 else n) for n in networks]))
