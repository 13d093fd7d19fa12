import { join } from 'node:path';
import { WeirError } from '../error.js';
import type { Namespace } from '../namespaces/namespace.js';
import { subjectProgramDirectory } from '../paths.js';
import { LabProcess } from '../run/process.js';
import { startSubjectProgram } from './programs.js';
import { exportPort } from './subject.js';

/** Flow Records of 64 octets each, 21 in a datagram, from several exporters on the loopback to one port; each has a flowId of its own. */
export interface ExportStreamOrder {
  /** Records a second of all exporters; 0 is as fast as it goes. */
  recordsPerSecond: number;
  exporters: number;
  /** Ends after so many records (rounded up to a datagram's)... */
  records?: number;
  /** ... or so many seconds, or when it is ended. */
  seconds?: number;
  /** flowId of the first; default 0. */
  firstId?: number;
  /** So many seconds after the last record its sequence number is told once more, so that what was lost at the end shows; default not. */
  closingSeconds?: number;
}

/** What was sent. */
export interface ExportStreamSent {
  records: number;
  /** That the records count. */
  octets: number;
  datagrams: number;
  seconds: number;
  /** Of the sender's. */
  processorSeconds: number;
}

/** A stream that is being sent. */
export class ExportStream {
  private constructor(readonly process: LabProcess) {}

  /** In a namespace, to the port of exports. */
  static async inNamespace(namespace: Namespace, order: ExportStreamOrder): Promise<ExportStream> {
    return ExportStream.#ready(
      startSubjectProgram(namespace, 'export-stream', { ...orderOf(order), port: exportPort }),
    );
  }

  /** On this machine's own loopback. */
  static async toPort(port: number, order: ExportStreamOrder): Promise<ExportStream> {
    const program = join(subjectProgramDirectory, 'export-stream.js');
    return ExportStream.#ready(
      new LabProcess([process.execPath, program, JSON.stringify({ ...orderOf(order), port })]),
    );
  }

  static async #ready(process: LabProcess): Promise<ExportStream> {
    await process.output(/"ready":true/, 60);
    return new ExportStream(process);
  }

  /** Resolves when all is sent. */
  async sent(): Promise<ExportStreamSent> {
    if ((await this.process.ended()) !== 0) throw new WeirError(`the stream was not sent: ${this.process.stderr}`);
    return JSON.parse(this.process.stdout.trim().split('\n').at(-1)!) as ExportStreamSent;
  }

  /** Ends it now. */
  stop(): Promise<ExportStreamSent> {
    this.process.signal('SIGTERM');
    return this.sent();
  }
}

const orderOf = (order: ExportStreamOrder) => ({ firstId: 0, closingSeconds: 0, ...order });
