import { parseAddress } from '@weir/flow';
import { compileDecoder, type DataSet, fieldsOf, MessageWriter, type Template, TransportSession } from '@weir/ipfix';
import { FlowBatch } from '../../../flow/batch.js';
import { bindings } from '../../../flow/bindings.js';

/** A Flow as it is made for a test. Times are milliseconds since the epoch. */
export interface MadeFlow {
  /** IPv4. */
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly ingress: number;
  readonly egress: number;
  readonly octets: number;
  readonly reverseOctets: number;
  readonly start: number;
  readonly end: number;
  /** When it was exported. */
  readonly exported: number;
}

const template: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf([
    ...['sourceIPv4Address', 'destinationIPv4Address', 'protocolIdentifier', 'ingressInterface', 'egressInterface'],
    ...['octetDeltaCount', 'reverseOctetDeltaCount', 'packetDeltaCount', 'reversePacketDeltaCount'],
    ...['flowStartMilliseconds', 'flowEndMilliseconds'],
  ]),
};
const RECORD = 4 + 4 + 1 + 4 + 4 + 8 * 6;

const HOUR = 3_600_000;

/**
 * Flows of hosts of 10.1.0.0/16 and 10.2.0.0/16 with each other and with the Internet, between two times, in the order in which they are exported. Nine of ten are
 * short, others last up to a day; one in thirty is exported days late.
 */
export function madeFlows(random: (below: number) => number, count: number, from: number, to: number): MadeFlow[] {
  const inside = () => `10.${1 + random(2)}.${random(4)}.${random(20)}`;
  const outside = () => `198.51.${random(3)}.${random(50)}`;
  const octets = () => Math.floor(Math.exp(random(1000) / 50)) + random(1500);
  const flow = (): MadeFlow => {
    const start = from + random(to - from);
    const end = start + (random(10) > 0 ? random(60_000) : random(5) > 0 ? random(HOUR) : random(24 * HOUR));
    const [source, destination] = [
      () => [inside(), outside()],
      () => [outside(), inside()],
      () => [inside(), inside()],
    ][Math.min(random(8) >> 1, 2)]!() as [string, string];
    return {
      ...{ source, destination, protocol: random(4) > 0 ? 6 : 17, ingress: 1 + random(3), egress: 1 + random(3) },
      ...{ octets: octets(), reverseOctets: octets(), start, end },
      exported: end + (random(30) > 0 ? random(2000) : random(200 * HOUR)),
    };
  };
  return Array.from({ length: count }, flow).sort((a, b) => a.exported - b.exported);
}

/** Flows as Messages, each with the Template, exported at one time (seconds). */
export function messagesOfFlows(flows: readonly MadeFlow[], exportTime: number): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const buffer = new Uint8Array(1400);
  const view = new DataView(buffer.buffer);
  const writer = new MessageWriter(buffer);
  let sequence = 0;
  for (let i = 0; i < flows.length; ) {
    writer.begin(1);
    writer.addTemplate(template);
    for (; i < flows.length; i++) {
      const at = writer.reserve(template.id, RECORD);
      if (at < 0) break;
      writeFlow(view, at, flows[i]!);
    }
    const { records } = writer;
    messages.push(buffer.slice(0, writer.finish(exportTime, sequence)));
    sequence += records;
  }
  return messages;
}

function writeFlow(view: DataView, at: number, flow: MadeFlow): void {
  view.setUint32(at, Number(parseAddress(flow.source)! & 0xffff_ffffn));
  view.setUint32(at + 4, Number(parseAddress(flow.destination)! & 0xffff_ffffn));
  view.setUint8(at + 8, flow.protocol);
  view.setUint32(at + 9, flow.ingress);
  view.setUint32(at + 13, flow.egress);
  const packets = (octets: number) => Math.ceil(octets / 1500);
  const { octets, reverseOctets, start, end } = flow;
  const long = [octets, reverseOctets, packets(octets), packets(reverseOctets), start, end];
  for (const [i, value] of long.entries()) view.setBigUint64(at + 17 + 8 * i, BigInt(value));
}

/** What a Collecting Process makes of such Messages. */
export function batchOfMessages(messages: readonly Uint8Array[], rows: number): FlowBatch {
  const sets: DataSet[] = [];
  const session = new TransportSession();
  for (const message of messages) session.decode(message, { dataSet: set => sets.push(set) });
  const batch = new FlowBatch(Math.max(1, rows));
  const { bindings: bound, present } = bindings(template, batch);
  const decoder = compileDecoder(template, bound);
  for (const { bytes, start, end, header } of sets) {
    const count = decoder.decode(bytes, start, end, batch.rows, batch.capacity - batch.rows);
    const received = header.exportTime * 1000;
    batch.stamp(count, {
      exporter: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1]),
      ...{ observationDomainId: 1, templateId: template.id, exportTime: received, receivedAt: received, present },
    });
  }
  return batch;
}
