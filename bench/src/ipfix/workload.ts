import {
  type Binding,
  COLUMN_WIDTH,
  type ColumnKind,
  elements,
  type FieldSpecifier,
  fieldsOf,
  layoutOf,
  MessageWriter,
  type Template,
} from '@weir/ipfix';

/** 25 fields, 109 octets: a flow with NAT and both directions, as NetFlow v9 can carry it, too. */
const NAMES = [
  'flowStartMilliseconds',
  'flowEndMilliseconds',
  'sourceIPv4Address',
  'destinationIPv4Address',
  'sourceTransportPort',
  'destinationTransportPort',
  'protocolIdentifier',
  'octetDeltaCount',
  'packetDeltaCount',
  'initiatorOctets',
  'responderOctets',
  'flowEndReason',
  'flowId',
  'postNATSourceIPv4Address',
  'postNATDestinationIPv4Address',
  'postNAPTSourceTransportPort',
  'postNAPTDestinationTransportPort',
  'ingressInterface',
  'egressInterface',
  'tcpControlBits',
  'ipClassOfService',
  'vlanId',
  'sourceMacAddress',
  'bgpSourceAsNumber',
  'bgpDestinationAsNumber',
] as const;

export const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(NAMES) };
export const recordLength = layoutOf(template).fixedLength;
/** Rows of a batch of columns; small enough for the processor's caches, as a store's blocks would not be. */
export const CAPACITY = 4096;

function kindOf({ enterprise, id }: FieldSpecifier): ColumnKind {
  const { type } = elements.byId(enterprise, id)!;
  if (type === 'ipv4Address') return 'address';
  if (type === 'macAddress') return 'mac';
  return type === 'dateTimeMilliseconds' ? 'milliseconds' : (type as ColumnKind);
}

/** A column for each field. */
export function newBindings(): Binding[] {
  return template.fields.map((specifier, field) => {
    const kind = kindOf(specifier);
    return { field, column: { kind, data: new Uint8Array(CAPACITY * COLUMN_WIDTH[kind]) } };
  });
}

/** Octets that a record could have, always the same: small counters, times of 2027. */
function recordOctets(n: number): Uint8Array {
  const octets = Uint8Array.from({ length: recordLength }, (_, i) => (n * 31 + i * 7) & 0x7f);
  const { offsets } = layoutOf(template);
  template.fields.forEach(({ length }, i) => {
    if (length === 8) octets.fill(0, offsets[i]!, offsets[i]! + 3);
  });
  for (const time of [0, 8]) octets.set([0, 0, 1, 0xa3, 0x18, 0x5c, n & 255, 3], time);
  return octets;
}

export interface Workload {
  /** What has to come first: the Template. */
  readonly templateMessage: Buffer;
  readonly message: Buffer;
  readonly records: number;
  /** Where the sequence number stands in the Message, and how far each Message moves it on. */
  readonly sequence: { readonly at: number; readonly step: number };
}

/** A Message filled with Data Records. */
export function ipfixWorkload(octets: number): Workload {
  const buffer = new Uint8Array(octets);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(template);
  const templateMessage = Buffer.from(buffer.subarray(0, writer.finish(1_800_000_000, 0)));
  writer.begin(1);
  for (let at = writer.reserve(256, recordLength); at >= 0; at = writer.reserve(256, recordLength)) {
    buffer.set(recordOctets(writer.records), at);
  }
  const { records } = writer;
  const message = Buffer.from(buffer.subarray(0, writer.finish(1_800_000_000, 0)));
  return { templateMessage, message, records, sequence: { at: 8, step: records } };
}

/** A NetFlow v9 header (RFC 3954 section 5.1) before one FlowSet. */
function netflow9(count: number, flowSetId: number, content: Uint8Array): Buffer {
  const datagram = Buffer.alloc(24 + content.length);
  datagram.writeUInt16BE(9, 0);
  datagram.writeUInt16BE(count, 2);
  datagram.writeUInt32BE(3_600_000, 4);
  datagram.writeUInt32BE(1_800_000_000, 8);
  datagram.writeUInt32BE(1, 16);
  datagram.writeUInt16BE(flowSetId, 20);
  datagram.writeUInt16BE(4 + content.length, 22);
  datagram.set(content, 24);
  return datagram;
}

/** The same records as a NetFlow v9 datagram. */
export function netflow9Workload(octets: number): Workload {
  const { message, records } = ipfixWorkload(octets - 4);
  const fields = template.fields.flatMap(({ id, length }) => [id >> 8, id & 255, length >> 8, length & 255]);
  return {
    templateMessage: netflow9(1, 0, Uint8Array.of(1, 0, 0, template.fields.length, ...fields)),
    message: netflow9(records, 256, message.subarray(20)),
    records,
    sequence: { at: 12, step: 1 },
  };
}
