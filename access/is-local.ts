/**
 * Whether a caller sits on this machine: by its connection, and not because somebody passed its request on. Such a one may
 * know how the service is doing. What a request says of itself can only make it less local, never more.
 *
 * @param client as an adapter found it; behind a proxy, the address is no more than what the proxy was told
 */
export function isLocal({ address, viaProxy }: { readonly address: string; readonly viaProxy: boolean }): boolean {
  return !viaProxy && (address === "::1" || /^127(\.\d{1,3}){3}$/.test(address));
}
