import { readRecords } from '../weir/reading.js';

/** What was exported of the flows of one protocol from one address. */
export interface Exported {
  /** Different Flow Keys. */
  flows: number;
  records: number;
  /** Of both directions. */
  octets: number;
}

/** Exporters that do not know biflows tell each direction by itself: then the way back is the same flow. */
export async function exportedFlows(file: string, source: string, protocol: number): Promise<Exported> {
  const seen = new Set<string>();
  const found = { flows: 0, records: 0, octets: 0 };
  for await (const { record } of readRecords([file])) {
    const { sourceIPv4Address, destinationIPv4Address, sourceTransportPort, destinationTransportPort } = record;
    if (record.protocolIdentifier !== protocol) continue;
    const forward = sourceIPv4Address === source;
    if (!forward && destinationIPv4Address !== source) continue;
    const ports = [sourceTransportPort, destinationTransportPort];
    seen.add((forward ? ports : ports.reverse()).join(' '));
    const octets = record.octetDeltaCount ?? record.octetTotalCount ?? 0;
    found.octets += Number(octets) + Number(record.reverseOctetDeltaCount ?? 0);
    if (forward) found.records++;
  }
  return { ...found, flows: seen.size };
}
