import { join } from 'node:path';
import { WeirError } from '../error.js';
import type { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import type { LabProcess } from '../run/process.js';
import { sleep } from '../run/wait.js';
import { startSubjectProgram } from './programs.js';
import { exportPort } from './subject.js';

/** dumpcap gets packets from the kernel in blocks, the last one up to a quarter of a second late; when ended it does not wait for it. */
const SETTLE_MILLISECONDS = 1000;

/** Records what is exported on the loopback of a namespace, so that what arrives does not depend on who reads it. */
export class ExportCapture {
  static readonly needs = ['dumpcap'];

  private constructor(
    /** pcapng, for `weir read` and tshark; complete after `stop`. */
    readonly file: string,
    private readonly dumpcap: LabProcess,
    private readonly listener?: LabProcess,
  ) {}

  /** Starts it; also somebody who listens on the port and reads nothing: the kernel drops what does not fit, and nobody is refused. */
  static async start(lab: Lab, namespace: Namespace, port = exportPort): Promise<ExportCapture> {
    const listener = lab.own(startSubjectProgram(namespace, 'listener', { port }));
    await listener.output(/"ready":true/, 10);
    return ExportCapture.beside(lab, namespace, port, listener);
  }

  /** Starts it where a collector listens already. */
  static async beside(
    lab: Lab,
    namespace: Namespace,
    port = exportPort,
    listener?: LabProcess,
  ): Promise<ExportCapture> {
    const file = join(lab.directory('capture'), 'export.pcapng');
    const filter = `udp dst port ${port}`;
    const command = ['dumpcap', '-q', '-i', 'lo', '-B', '256', '-f', filter, '-w', file];
    const dumpcap = lab.own(namespace.start(command));
    await dumpcap.output(/File: /, 15);
    return new ExportCapture(file, dumpcap, listener);
  }

  /** Ends the capture. Throws a WeirError if the capture itself lost something: then it is no evidence. */
  async stop(): Promise<void> {
    await sleep(SETTLE_MILLISECONDS);
    await this.dumpcap.stop('SIGINT');
    await this.listener?.stop('SIGTERM');
    const counts = /received\/dropped on interface '.*': \d+\/(\d+)/.exec(this.dumpcap.stderr);
    if (counts?.[1] !== '0') {
      throw new WeirError(
        `the capture of what is exported is not complete; try on a quieter machine: ${this.dumpcap.stderr}`,
      );
    }
  }
}
