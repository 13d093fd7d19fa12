import { statSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '../error.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { addresses } from '../namespaces/topology.js';
import type { LabProcess } from '../run/process.js';
import { activeTimeout, type QueriedRecord } from './records.js';
import { weir, weirCommand } from './weir.js';

type Values = Record<string, string | number>;

function isTheClients({ sourceIPv4Address, sourceIPv6Address }: Values): boolean {
  return sourceIPv4Address === addresses.client.v4 || sourceIPv6Address === addresses.client.v6;
}

/** `weir probe` in a namespace, exporting to an IPFIX file, which is whole when it has stopped. */
export class RunningProbe {
  /** What the file held when it was so long: it only grows, and reading it anew takes a process. */
  #read: { octets: number; records: Values[] } = { octets: 0, records: [] };

  private constructor(
    readonly command: LabProcess,
    private readonly namespace: Namespace,
    readonly file: string,
  ) {}

  /** Starts it with `options` on top and waits until it meters. */
  static async start(lab: Lab, namespace: Namespace, options: readonly string[] = []): Promise<RunningProbe> {
    const folder = lab.directory('probe');
    const file = join(folder, 'flows.ipfix');
    const own = ['--collector', `file:${file}`, '--state', join(folder, 'state')];
    const command = lab.own(namespace.start(weirCommand('probe', ...own, ...options)));
    await command.output(/metering/i, 30);
    return new RunningProbe(command, namespace, file);
  }

  /** The Flow Records of the client's traffic that were exported so far, in order: hosts also have things of their own to say. */
  records(): Values[] {
    const octets = statSync(this.file).size;
    if (octets !== this.#read.octets) this.#read = { octets, records: this.#readAll() };
    return this.#read.records;
  }

  /** Those of them that tell of an end. */
  ends(): Values[] {
    return this.records().filter(({ flowEndReason }) => flowEndReason !== activeTimeout);
  }

  /** Ends it as Ctrl-C does; the exit status has to be 0. */
  async stop(): Promise<void> {
    const status = await this.command.stop('SIGINT', 30);
    if (status !== 0) throw new WeirError(`weir probe ended with ${status}: ${this.command.stderr}`);
  }

  #readAll(): Values[] {
    const { status, stdout, stderr } = weir(this.namespace, ['read', this.file, '--format', 'json']);
    if (status !== 0) throw new WeirError(`weir read ended with ${status}: ${stderr}`);
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map(line => (JSON.parse(line) as QueriedRecord).record).filter(isTheClients);
  }
}
