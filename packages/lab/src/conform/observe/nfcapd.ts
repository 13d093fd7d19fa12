import { attempt, run } from '../../run/command.js';
import { type Observer, parseExactly, type RunMark, type SeenRecord } from './observer.js';

/** nfdump's name of what it shows -> ours. What a Flow Record has not, it shows as 0. */
const NAMES: Readonly<Record<string, string>> = {
  src4_addr: 'sourceIPv4Address',
  src6_addr: 'sourceIPv6Address',
  dst4_addr: 'destinationIPv4Address',
  dst6_addr: 'destinationIPv6Address',
  src_port: 'sourceTransportPort',
  dst_port: 'destinationTransportPort',
  proto: 'protocolIdentifier',
  in_bytes: 'octetDeltaCount',
  in_packets: 'packetDeltaCount',
  out_bytes: 'reverseOctetDeltaCount',
  out_packets: 'reversePacketDeltaCount',
  input_snmp: 'ingressInterface',
  output_snmp: 'egressInterface',
  in_src_mac: 'sourceMacAddress',
  src_tos: 'ipClassOfService',
};

/** nfcapd by the files that it has closed, read with nfdump. */
export class NfcapdObserver implements Observer {
  readonly name: string;
  readonly #shown = new Set([...Object.values(NAMES), 'start', 'end']);

  constructor(readonly directory: string) {
    this.name = `nfdump of ${directory}`;
  }

  shows(element: string): boolean {
    return this.#shown.has(element);
  }

  async read({ destinationV4, destinationV6 }: RunMark): Promise<readonly SeenRecord[]> {
    const filter = `dst host ${destinationV4} or dst host ${destinationV6}`;
    const command = ['env', 'TZ=UTC', 'nfdump', '-q', '-R', this.directory, '-o', 'json', filter];
    // Without any file it fails, and says so.
    const { stdout } = attempt(command);
    const objects = stdout.match(/^\{[\s\S]*?^\}/gm) ?? [];
    return objects.map(text => recordOf(parseExactly(text) as Record<string, unknown>));
  }

  async sessions(): Promise<undefined> {
    return undefined;
  }
}

function recordOf(shown: Record<string, unknown>): SeenRecord {
  const seen: Record<string, string> = {};
  for (const [theirs, ours] of Object.entries(NAMES))
    if (shown[theirs] !== undefined) seen[ours] = String(shown[theirs]);
  seen.start = String(Date.parse(`${shown.first}Z`));
  seen.end = String(Date.parse(`${shown.last}Z`));
  return seen;
}

export function nfdumpVersion(): string {
  return /(\d+\.\d+\.\d+)/.exec(run(['nfdump', '-V']))?.[1] ?? 'unknown';
}
