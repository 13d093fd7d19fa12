import { readExported } from '../subjects/exported.js';
import { exportPort } from '../subjects/subject.js';

/** What was exported of the flows of one protocol from one address. */
export interface Exported {
  /** Different Flow Keys. */
  flows: number;
  records: number;
  /** Of both directions. */
  octets: number;
}

/** Exporters that do not know biflows tell each direction by itself: then the way back is the same flow. */
export async function exportedFlows(capture: string, client: string, protocol: number): Promise<Exported> {
  const seen = new Set<string>();
  const found = { flows: 0, records: 0, octets: 0 };
  for (const record of await readExported(capture, exportPort)) {
    const { source, sourcePort, destination, destinationPort, octets = 0, reverseOctets = 0 } = record;
    if (record.protocol !== protocol || (source !== client && destination !== client)) continue;
    const forward = source === client;
    seen.add(forward ? `${sourcePort} ${destinationPort}` : `${destinationPort} ${sourcePort}`);
    found.octets += octets + reverseOctets;
    if (forward) found.records++;
  }
  return { ...found, flows: seen.size };
}
