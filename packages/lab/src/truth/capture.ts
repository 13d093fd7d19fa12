import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';
import type { Series } from '../verdict/verdict.js';
import type { TrueFlow } from './flow.js';

/**
 * A flow of a capture. Its counters are as connection tracking counts: a fragmented datagram is one packet, with one header. `onWire` is as
 * the packets came.
 */
export interface CapturedFlow extends Required<TrueFlow> {
  onWire: { packets: number; octets: number; reversePackets: number; reverseOctets: number };
}

/** What a capture tells. */
export interface CapturedTraffic {
  flows: CapturedFlow[];
  /** Packets that passed and are not in it: where there are any, it is no witness. */
  dropped: number;
  /** Octets a second of all flows and both directions. */
  series: Series;
}

/** A packet capture on one link of a node. */
export class PacketCapture {
  private constructor(
    private readonly process: LabProcess,
    private readonly file: string,
  ) {}

  /** Starts it and waits until it captures. */
  static async start(lab: Lab, namespace: Namespace, link: string): Promise<PacketCapture> {
    const file = join(lab.directory('packets'), 'packets.pcapng');
    const process = lab.own(namespace.start(['dumpcap', '-q', '-i', link, '-B', '64', '-s', '128', '-w', file]));
    await process.output(/File: /, 15);
    return new PacketCapture(process, file);
  }

  /** Ends it. */
  async finish(): Promise<CapturedTraffic> {
    await this.process.stop('SIGINT');
    throw new Error(`not built yet: ${this.file}`);
  }
}
