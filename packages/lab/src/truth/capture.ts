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

/** A packet capture on links of a node: those that traffic comes in by, the one of subjects that read packets first. */
export class PacketCapture {
  private constructor(private readonly links: readonly { process: LabProcess; file: string }[]) {}

  /** Starts it and waits until it captures. */
  static async start(lab: Lab, namespace: Namespace, links: readonly string[]): Promise<PacketCapture> {
    const folder = lab.directory('packets');
    const started = links.map(async link => {
      const file = join(folder, `${link}.pcapng`);
      const options = ['-q', '-i', link, '-B', String(buffer), '-s', String(snapshotOctets), '-w', file];
      const process = lab.own(namespace.start(['dumpcap', ...options]));
      await process.output(/File: /, 30);
      return { process, file };
    });
    return new PacketCapture(await Promise.all(started));
  }

  /** The captures, pcapng, in the order of the links. */
  get files(): string[] {
    return this.links.map(({ file }) => file);
  }

  /** Ends it. */
  async finish(): Promise<CapturedTraffic> {
    await sleep(settleMilliseconds);
    await Promise.all(this.links.map(({ process }) => process.stop('SIGINT', 60)));
    return readCapturedFlows(this.files);
  }
}
