import type { Frame } from '../message/framing.js';
import type { DataSet } from '../message/visitor.js';
import { Reader } from '../octets/reader.js';
import type { FieldSpecifier, Template } from '../template/template.js';

const HEADER_LENGTH = 24;
const RECORD_LENGTH = 48;
/** Offset of engine type, engine id and sampling in the header. */
const ENGINE = 20;

/**
 * The flow record of NetFlow v5, which every exporter sends the same. Its ID, 5, is below those of Templates that are sent, so
 * that it meets none of them. Element by element the record of Cisco's "NetFlow Export Datagram Format", table B-4.
 */
export const NETFLOW_V5_TEMPLATE: Template = {
  id: 5,
  scopeFieldCount: 0,
  fields: fields(
    [8, 4], // sourceIPv4Address
    [12, 4], // destinationIPv4Address
    [15, 4], // ipNextHopIPv4Address
    [10, 2], // ingressInterface
    [14, 2], // egressInterface
    [2, 4], // packetDeltaCount
    [1, 4], // octetDeltaCount
    [22, 4], // flowStartSysUpTime
    [21, 4], // flowEndSysUpTime
    [7, 2], // sourceTransportPort
    [11, 2], // destinationTransportPort
    [210, 1], // paddingOctets
    [6, 1], // tcpControlBits
    [4, 1], // protocolIdentifier
    [5, 1], // ipClassOfService
    [16, 2], // bgpSourceAsNumber
    [17, 2], // bgpDestinationAsNumber
    [9, 1], // sourceIPv4PrefixLength
    [13, 1], // destinationIPv4PrefixLength
    [210, 2], // paddingOctets
  ),
};

/** What the header of NetFlow v5 says of sampling, as an Options Data Record. */
export const NETFLOW_V5_SAMPLING: Template = {
  id: 6,
  scopeFieldCount: 2,
  fields: fields(
    [38, 1], // engineType
    [39, 1], // engineId
    [35, 1], // samplingAlgorithm
    [34, 2], // samplingInterval
  ),
};

/** By number, as names would load the registry before anyone needs it. */
function fields(...specifiers: readonly [id: number, length: number][]): FieldSpecifier[] {
  return specifiers.map(([id, length]) => ({ id, enterprise: 0, length }));
}

/** The header of a NetFlow v5 datagram and the extent of its records. The bytes begin with the version. */
export function readNetflow5(bytes: Uint8Array): Frame {
  const reader = new Reader(bytes);
  reader.skip(2);
  const count = reader.u16();
  const milliseconds = reader.u32();
  const exportTime = reader.u32();
  const nanoseconds = reader.u32();
  const sequence = reader.u32();
  const observationDomainId = reader.u16();
  reader.skip(2);
  if (reader.failed) {
    return { reason: 'message-short', detail: `${bytes.length} octets are no NetFlow v5 header`, offset: 0 };
  }
  const said = HEADER_LENGTH + count * RECORD_LENGTH;
  const whole = Math.floor((Math.min(bytes.length, 0xffff) - HEADER_LENGTH) / RECORD_LENGTH);
  const length = HEADER_LENGTH + Math.min(count, whole) * RECORD_LENGTH;
  const at = exportTime * 1000 + Math.floor(nanoseconds / 1e6);
  const header = {
    version: 5,
    length,
    exportTime,
    sequence,
    observationDomainId,
    sysUpTime: { milliseconds, at },
  } as const;
  if (length === said) return { header, start: HEADER_LENGTH };
  const detail = `${count} flows are said to be there, ${whole} are`;
  return { header, start: HEADER_LENGTH, problem: { reason: 'message-length', detail, offset: 2 } };
}

/**
 * The sampling that the header tells, undefined where nothing is sampled: 2 bits of mode, which are the values of
 * samplingAlgorithm, then 14 bits of interval.
 */
export function samplingOf(bytes: Uint8Array, header: DataSet['header']): DataSet | undefined {
  const high = bytes[ENGINE + 2]!;
  const low = bytes[ENGINE + 3]!;
  if ((high & 0x3f) === 0 && low === 0) return undefined;
  const record = Uint8Array.of(bytes[ENGINE]!, bytes[ENGINE + 1]!, high >> 6, high & 0x3f, low);
  return { header, template: NETFLOW_V5_SAMPLING, bytes: record, start: 0, end: record.length };
}
