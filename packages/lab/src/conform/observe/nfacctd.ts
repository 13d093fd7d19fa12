import { existsSync, readFileSync } from 'node:fs';
import { type Observer, parseExactly, type RunMark, type SeenRecord } from './observer.js';

const NAMES: Readonly<Record<string, string>> = {
  port_src: 'sourceTransportPort',
  port_dst: 'destinationTransportPort',
  bytes: 'octetDeltaCount',
  packets: 'packetDeltaCount',
  iface_in: 'ingressInterface',
  iface_out: 'egressInterface',
  mac_src: 'sourceMacAddress',
  tos: 'ipClassOfService',
};

const PROTOCOLS: Readonly<Record<string, string>> = { icmp: '1', tcp: '6', udp: '17' };

/** What nfacctd has to aggregate by, so that each Flow Record is a line of its own. */
export const NFACCTD_AGGREGATE =
  'src_host,dst_host,src_port,dst_port,proto,timestamp_start,timestamp_end,in_iface,out_iface,src_mac,tos';

/** nfacctd by the file of its print plugin (print_output: json, timestamps_since_epoch: true, aggregate as above). */
export class NfacctdObserver implements Observer {
  readonly name: string;
  readonly #shown = new Set([
    ...Object.values(NAMES),
    'sourceIPv4Address',
    'sourceIPv6Address',
    'protocolIdentifier',
    'start',
    'end',
  ]);

  constructor(readonly file: string) {
    this.name = `nfacctd's ${file}`;
  }

  shows(element: string): boolean {
    return this.#shown.has(element);
  }

  async read(mark: RunMark): Promise<readonly SeenRecord[]> {
    if (!existsSync(this.file)) return [];
    // The last line may still be on its way.
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines
      .filter(line => line.includes(`"${mark.destinationV4}"`) || line.includes(`"${mark.destinationV6}"`))
      .map(line => recordOf(parseExactly(line) as Record<string, unknown>));
  }

  async sessions(): Promise<undefined> {
    return undefined;
  }
}

function recordOf(shown: Record<string, unknown>): SeenRecord {
  const seen: Record<string, string> = {};
  for (const [theirs, ours] of Object.entries(NAMES))
    if (shown[theirs] !== undefined) seen[ours] = String(shown[theirs]);
  const source = String(shown.ip_src);
  seen[source.includes(':') ? 'sourceIPv6Address' : 'sourceIPv4Address'] = source;
  seen.protocolIdentifier = PROTOCOLS[String(shown.ip_proto)] ?? String(shown.ip_proto);
  seen.start = milliseconds(shown.timestamp_start);
  seen.end = milliseconds(shown.timestamp_end);
  return seen;
}

function milliseconds(secondsText: unknown): string {
  return String(Math.round(Number(secondsText) * 1000));
}
