import { putU16, putU32 } from '../octets/put.js';

/** Header fields of NetFlow v5 and v9; what is not given is 0. */
export interface NetflowHeader {
  readonly count?: number;
  readonly sysUpTime?: number;
  readonly seconds?: number;
  readonly sequence?: number;
  /** v9: Source ID. v5: engine type * 256 + engine id. */
  readonly domain?: number;
  /** v5 only. */
  readonly nanoseconds?: number;
  /** v5 only: mode in the upper 2 bits, interval in the lower 14. */
  readonly sampling?: number;
}

/** A NetFlow v9 datagram of FlowSets given as octets: [FlowSet ID, ...content]. */
export function netflow9(header: NetflowHeader, ...flowSets: readonly (readonly number[])[]): Uint8Array {
  const content = flowSets.flatMap(([id, ...octets]) => [id! >> 8, id! & 255, 0, octets.length + 4, ...octets]);
  const bytes = new Uint8Array(20 + content.length);
  putU16(bytes, 0, 9);
  putU16(bytes, 2, header.count ?? flowSets.length);
  putU32(bytes, 4, header.sysUpTime ?? 0);
  putU32(bytes, 8, header.seconds ?? 0);
  putU32(bytes, 12, header.sequence ?? 0);
  putU32(bytes, 16, header.domain ?? 0);
  bytes.set(content, 20);
  return bytes;
}

/** A NetFlow v5 datagram of flows of 48 octets. */
export function netflow5(header: NetflowHeader, flows: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(24 + flows.length * 48);
  putU16(bytes, 0, 5);
  putU16(bytes, 2, header.count ?? flows.length);
  putU32(bytes, 4, header.sysUpTime ?? 0);
  putU32(bytes, 8, header.seconds ?? 0);
  putU32(bytes, 12, header.nanoseconds ?? 0);
  putU32(bytes, 16, header.sequence ?? 0);
  putU16(bytes, 20, header.domain ?? 0);
  putU16(bytes, 22, header.sampling ?? 0);
  flows.forEach((flow, i) => void bytes.set(flow, 24 + i * 48));
  return bytes;
}
