import { join } from 'node:path';
import { openRecords } from '@weir/collector/reading';
import type { Lab, LabProcess, Namespace } from '@weir/lab';
import { EXPORT_PORT } from './subjects.js';

/** Records what is exported in the namespace, so that what arrives does not depend on who reads it. */
export class Capture {
  private constructor(
    private readonly process: LabProcess,
    private readonly file: string,
  ) {}

  static async start(lab: Lab, namespace: Namespace): Promise<Capture> {
    const file = join(lab.directory('capture'), 'export.pcapng');
    const command = ['dumpcap', '-q', '-i', 'lo', '-B', '256', '-f', `udp dst port ${EXPORT_PORT}`, '-w', file];
    const process = lab.own(namespace.start(command));
    await process.output(/File: /, 15);
    return new Capture(process, file);
  }

  /** Ends the capture. @returns how many different UDP flows of the burst are in it, and how many records tell of them */
  async flows(source: string): Promise<{ flows: number; records: number }> {
    await this.process.stop('SIGINT');
    const seen = new Set<number>();
    let records = 0;
    for await (const { record } of openRecords([this.file], () => {})) {
      if (record.sourceIPv4Address !== source || record.protocolIdentifier !== 17) continue;
      records++;
      seen.add(Number(record.sourceTransportPort) * 65_536 + Number(record.destinationTransportPort));
    }
    return { flows: seen.size, records };
  }
}
