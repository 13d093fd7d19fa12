import { readFileSync } from 'node:fs';
import { SocketAddress } from 'node:net';
import { WeirError } from '../error.js';
import { elementOf } from './elements.js';
import { MessageReader } from './read.js';
import type { ReadRecord } from './read-types.js';
import { fieldName, type WireField } from './template.js';

/** A Data Record as text: integers and times (milliseconds) in decimal, addresses as people write them, all else in hexadecimal. */
export type TextRecord = ReadonlyMap<string, string>;

/** The Flow Records of an IPFIX File (RFC 5655), in order; Options Data is left out. Throws a WeirError at the first fault. */
export function readFlowRecords(file: string): TextRecord[] {
  const records: TextRecord[] = [];
  eachFlowRecord(file, record => records.push(record));
  return records;
}

/** As readFlowRecords, one after the other: for files that are large. */
export function eachFlowRecord(file: string, visit: (record: TextRecord) => void): void {
  const bytes = readFileSync(file);
  const reader = new MessageReader(false);
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.length - at >= 4 ? Math.max(1, bytes.readUInt16BE(at + 2)) : bytes.length - at;
    const message = reader.read(bytes.subarray(at, at + length));
    const [fault] = message.faults;
    if (fault !== undefined)
      throw new WeirError(`${file} is no IPFIX File: ${fault.detail} (${fault.rule}, octet ${at + fault.at})`);
    const told = message.sets.filter(({ template }) => template !== undefined && template.scopes === undefined);
    for (const set of told) for (const record of set.records) visit(textOf(message.bytes, record));
    at += length;
  }
}

function textOf(bytes: Buffer, { values }: ReadRecord): TextRecord {
  return new Map(
    values.map(({ field, at, length }) => [fieldName(field), valueText(field, bytes.subarray(at, at + length))]),
  );
}

function valueText({ enterprise, id }: WireField, octets: Buffer): string {
  const type = elementOf(enterprise, id)?.type ?? '';
  if (type === 'ipv4Address') return octets.join('.');
  if (type === 'ipv6Address') {
    const address = octets.toString('hex').match(/.{4}/g)!.join(':');
    return new SocketAddress({ address, family: 'ipv6' }).address;
  }
  const integer = /^(unsigned|dateTimeMilliseconds)/.test(type) && octets.length > 0;
  return integer ? String(BigInt(`0x${octets.toString('hex')}`)) : octets.toString('hex');
}
