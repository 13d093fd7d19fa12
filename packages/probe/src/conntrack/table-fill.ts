/** A number that the kernel tells of this network namespace's table of connections, 0 where it tells none. */
export function readTableNumber(
  host: { readText(path: string): string | undefined },
  name: 'nf_conntrack_count' | 'nf_conntrack_max',
): number {
  return Number.parseInt(host.readText(`/proc/sys/net/netfilter/${name}`) ?? '0', 10);
}
