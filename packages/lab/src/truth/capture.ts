import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { run } from '../run/command.js';
import type { LabProcess } from '../run/process.js';

/** When a Flow was really there: milliseconds since the Unix epoch. */
export interface Seen {
  first: number;
  last: number;
  packets: number;
}

/** What a packet capture on one interface tells of the Flows that pass there. */
export class PacketCapture {
  private constructor(
    private readonly process: LabProcess,
    private readonly file: string,
  ) {}

  static async start(lab: Lab, namespace: Namespace, link: string): Promise<PacketCapture> {
    const file = join(lab.directory('packets'), 'packets.pcapng');
    const process = lab.own(namespace.start(['dumpcap', '-q', '-i', link, '-B', '64', '-s', '128', '-w', file]));
    await process.output(/File: /, 15);
    return new PacketCapture(process, file);
  }

  /** Ends the capture. TCP and UDP Flows by "protocol source port destination port" of their first packet; both directions count. */
  async flows(): Promise<Map<string, Seen>> {
    await this.process.stop('SIGINT');
    const fields = [
      'frame.time_epoch',
      'ip.proto',
      'ip.src',
      'ip.dst',
      'udp.srcport',
      'udp.dstport',
      'tcp.srcport',
      'tcp.dstport',
    ];
    const text = run(
      ['tshark', '-r', this.file, '-T', 'fields', ...fields.flatMap(field => ['-e', field]), 'ip && (tcp || udp)'],
      120,
    );
    const seen = new Map<string, Seen>();
    for (const line of text.split('\n').filter(Boolean)) {
      const [time, protocol, source, destination, udpSource, udpDestination, tcpSource, tcpDestination] =
        line.split('\t');
      const from = `${source} ${udpSource || tcpSource}`;
      const to = `${destination} ${udpDestination || tcpDestination}`;
      const at = Number(time) * 1000;
      const known = seen.get(`${protocol} ${from} ${to}`) ?? seen.get(`${protocol} ${to} ${from}`);
      if (known === undefined) seen.set(`${protocol} ${from} ${to}`, { first: at, last: at, packets: 1 });
      else Object.assign(known, { last: at, packets: known.packets + 1 });
    }
    return seen;
  }
}
