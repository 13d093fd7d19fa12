/** Columns of /proc/net/stat/nf_conntrack: packets that belong to no connection, and those dropped for want of one. */
const COLUMNS = ['invalid', 'drop'];

/**
 * Packets of this network namespace that the kernel did not track, and that are in no Flow therefore: those that fit no
 * connection, and those that found no room for one (nf_conntrack_standalone.c, ct_cpu_seq_show: one line of hexadecimal
 * numbers for each processor).
 *
 * @param text of /proc/net/stat/nf_conntrack
 * @returns undefined where the file is not there or not as expected
 */
export function ignoredPackets(text: string | undefined): number | undefined {
  const [header = '', ...lines] = (text ?? '').split('\n').filter(line => line.trim() !== '');
  const places = COLUMNS.map(name => header.trim().split(/\s+/).indexOf(name));
  if (lines.length === 0 || places.includes(-1)) return undefined;
  let packets = 0;
  for (const line of lines) {
    const numbers = line.trim().split(/\s+/);
    for (const place of places) packets += Number.parseInt(numbers[place] ?? '', 16);
  }
  return Number.isNaN(packets) ? undefined : packets;
}
