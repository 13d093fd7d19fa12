import { elements, protocolName, valueName, WEIR_PEN } from '@weir/ipfix';
import { storedElements } from '../field-lookup.js';
import { type Operand, resolveName } from '../operand.js';
import { knownServices } from '../services.js';

/** A value that people know by what it means. */
export interface KnownValue {
  readonly text: string;
  readonly detail: string;
}

/** Where IANA's elements end today, with room; where Weir's own do. */
const LAST_IANA = 1023;
const LAST_OF_OURS = 255;
/** Values of the registries that are looked at. */
const LAST_VALUE = 255;
/** The first that are suggested. `icmp6` is a name of the filter language. */
const usualProtocols = ['tcp', 'udp', 'icmp', 'icmp6', 'gre', 'esp', 'ah', 'sctp', 'ospfigp', 'igmp', 'ipv6'];
/** RFC 9293 section 3.1, RFC 3168. */
const tcpFlags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'];
const knownByName = new Map<string, readonly KnownValue[]>();
let names: readonly string[] | undefined;

/** What is known of the values of a field; nothing where there is no such field, or its values have no names. */
export function knownValues(name: string): readonly KnownValue[] {
  let known = knownByName.get(name);
  if (known === undefined) {
    const operand = /^port$/i.test(name) ? resolveName('srcport') : resolveName(name);
    known = operand === undefined ? [] : valuesFor(operand);
    if (operand !== undefined) knownByName.set(name, known);
  }
  return known;
}

function valuesFor({ column, keys, type }: Operand): readonly KnownValue[] {
  if (column === 'protocol') return protocols();
  if (column === 'tcpControlBits') return tcpFlags.map((flag, i) => hex(1 << i, flag));
  if (/port$/i.test(column)) return ports();
  if (column === 'ipVersion') return [4, 6].map(version => ({ text: `${version}`, detail: `IPv${version}` }));
  if (type === 'boolean') return ['true', 'false'].map(text => ({ text, detail: 'truth value' }));
  return registered(keys[0] ?? '');
}

function hex(value: number, detail: string): KnownValue {
  return { text: `0x${value.toString(16).padStart(2, '0')}`, detail };
}

function protocols(): readonly KnownValue[] {
  const all = Array.from({ length: 256 }, (_, number) => ({ text: protocolName(number), number }));
  const numbers = new Map(all.map(({ text, number }) => [text, number]));
  const usual = usualProtocols.map(text => ({ text, detail: `protocol ${numbers.get(text) ?? 58}` }));
  const others = all.flatMap(({ text, number }) =>
    text === undefined || usualProtocols.includes(text) ? [] : [{ text, detail: `protocol ${number}` }],
  );
  return [...usual, ...others];
}

function ports(): readonly KnownValue[] {
  const numbers = knownServices.map(([port, name]) => ({ text: `${port}`, detail: name }));
  return [...numbers, ...knownServices.map(([port, name]) => ({ text: name, detail: `port ${port}` }))];
}

/** The values that IANA's registry of the element names. */
function registered(name: string): readonly KnownValue[] {
  const element = elements.byName(name);
  if (element === undefined || element.enterprise !== 0) return [];
  return Array.from({ length: LAST_VALUE + 1 }, (_, value) => ({
    text: `${value}`,
    detail: valueName(element.id, value) ?? '',
  })).filter(({ detail }) => detail !== '' && !/^(unassigned|reserved|private)/i.test(detail));
}

/** Names of Information Elements, those with a column first. */
export function wordNames(): readonly string[] {
  names ??= [
    ...new Set([
      ...storedElements.map(({ name }) => name),
      ...namesUpTo(0, LAST_IANA),
      ...namesUpTo(WEIR_PEN, LAST_OF_OURS),
    ]),
  ];
  return names;
}

function namesUpTo(enterprise: number, last: number): string[] {
  return Array.from({ length: last }, (_, i) => elements.byId(enterprise, i + 1)?.name ?? '').filter(
    name => name !== '',
  );
}
