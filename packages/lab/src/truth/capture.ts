import { join } from 'node:path';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';
import { sleep } from '../run/wait.js';
import { type CapturedTraffic, readCapturedFlows } from './captured-flows.js';

export type { CapturedFlow, CapturedTraffic } from './captured-flows.js';

/** MiB of the kernel's buffer: a flood of 300,000 packets fits. */
const buffer = 256;
/** Octets of each packet that are kept: IPv6 extension headers and the ports behind them. */
const snapshotOctets = 256;

/** dumpcap gets packets from the kernel in blocks, the last one up to a quarter of a second late; when ended it does not wait for it. */
const settleMilliseconds = 500;

/** A packet capture on one link of a node. */
export class PacketCapture {
  private constructor(
    private readonly process: LabProcess,
    /** The capture, pcapng. */
    readonly file: string,
  ) {}

  /** Starts it and waits until it captures. */
  static async start(lab: Lab, namespace: Namespace, link: string): Promise<PacketCapture> {
    const file = join(lab.directory('packets'), 'packets.pcapng');
    const options = ['-q', '-i', link, '-B', String(buffer), '-s', String(snapshotOctets), '-w', file];
    const process = lab.own(namespace.start(['dumpcap', ...options]));
    await process.output(/File: /, 15);
    return new PacketCapture(process, file);
  }

  /** Ends it. */
  async finish(): Promise<CapturedTraffic> {
    await sleep(settleMilliseconds);
    await this.process.stop('SIGINT', 60);
    return readCapturedFlows(this.file);
  }
}
