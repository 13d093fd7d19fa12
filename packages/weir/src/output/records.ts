import { serviceName } from '@weir/flow';
import { flowEndReasonName, protocolName } from '@weir/ipfix';
import type { TableColumn } from './table.js';
import { formatCount, formatDuration } from './units.js';

/** A Data Record as `weir read` and `weir query` print it. */
export interface PrintedRecord {
  readonly exportTime: string;
  readonly observationDomainId: number;
  readonly templateId: number;
  readonly record: Readonly<Record<string, unknown>>;
  readonly scope?: Readonly<Record<string, unknown>>;
}

/** One flat object for CSV; scope fields get "scope." before their names. */
export function flatten({ record, scope, ...common }: PrintedRecord): Record<string, unknown> {
  const scoped = Object.entries(scope ?? {}).map(([name, value]) => [`scope.${name}`, value]);
  return { ...common, ...Object.fromEntries(scoped), ...record };
}

type Fields = Readonly<Record<string, unknown>>;

const startNames = ['flowStartMilliseconds', 'flowStartSeconds', 'flowStartMicroseconds', 'flowStartNanoseconds'];
const endNames = ['flowEndMilliseconds', 'flowEndSeconds', 'flowEndMicroseconds', 'flowEndNanoseconds'];
const sources = ['sourceIPv4Address', 'sourceIPv6Address'];
const destinations = ['destinationIPv4Address', 'destinationIPv6Address'];
const natSources = ['postNATSourceIPv4Address', 'postNATSourceIPv6Address'];
const natDestinations = ['postNATDestinationIPv4Address', 'postNATDestinationIPv6Address'];
const deltas = ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'];
const shown = new Set([
  ...[startNames, endNames, sources, destinations, natSources, natDestinations].flat(),
  ...['sourceTransportPort', 'destinationTransportPort', 'protocolIdentifier', 'flowEndReason'],
  ...['postNAPTSourceTransportPort', 'postNAPTDestinationTransportPort'],
  ...deltas,
]);

/** The columns of a table of records: what every flow has, then the rest as NAME=VALUE. */
export const recordColumns: readonly TableColumn<PrintedRecord>[] = [
  { head: 'ended', text: ({ record, exportTime }) => timeText(first(record, endNames) ?? exportTime) },
  { head: 'lasted', right: true, text: ({ record }) => durationText(record) },
  { head: 'proto', text: ({ record }) => protocolText(record.protocolIdentifier) },
  { head: 'source', text: ({ record }) => endpoint(record, sources, 'sourceTransportPort') },
  { head: 'destination', text: ({ record }) => endpoint(record, destinations, 'destinationTransportPort') },
  { head: 'octets', right: true, text: ({ record }) => countText(counted(record, 'octetDeltaCount')) },
  { head: 'packets', right: true, text: ({ record }) => countText(counted(record, 'packetDeltaCount')) },
  { head: 'back octets', right: true, text: ({ record }) => countText(counted(record, 'reverseOctetDeltaCount')) },
  { head: 'back packets', right: true, text: ({ record }) => countText(counted(record, 'reversePacketDeltaCount')) },
  { head: 'end reason', text: ({ record }) => reasonText(record.flowEndReason) },
  { head: 'after NAT', text: ({ record }) => natText(record) },
  { head: 'more', text: row => moreText(row) },
];

/** Exporters count since the last report, or since the flow began. */
function counted(record: Fields, delta: string): unknown {
  return record[delta] ?? record[totalOf(delta)];
}

function totalOf(delta: string): string {
  return delta.replace('Delta', 'Total');
}

/** A count for people; what is no number is written as it is. */
export function countText(value: unknown): string {
  if (value === undefined || value === null) return '';
  const number = Number(value);
  return Number.isFinite(number) ? formatCount(number) : String(value);
}

/** "tcp", or the number where the registry has no keyword. */
export function protocolText(value: unknown): string {
  if (value === undefined || value === null) return '';
  return protocolName(Number(value)) ?? String(value);
}

/** "443 https", or the number where no well-known service has it. */
export function portText(value: unknown): string {
  const name = serviceName(Number(value));
  return name === undefined ? String(value) : `${value} ${name}`;
}

function first(record: Fields, names: readonly string[]): unknown {
  const name = names.find(each => record[each] !== undefined);
  return name === undefined ? undefined : record[name];
}

function timeText(time: unknown): string {
  return String(time).replace(/(\.\d{3})\d+Z$/, '$1Z');
}

function durationText(record: Fields): string {
  const start = first(record, startNames);
  const end = first(record, endNames);
  const length = Date.parse(String(end)) - Date.parse(String(start));
  return Number.isNaN(length) ? '' : formatDuration(length);
}

function reasonText(value: unknown): string {
  if (value === undefined) return '';
  return flowEndReasonName(Number(value)) ?? String(value);
}

/** ICMP has no ports, but exporters send the fields all the same, as 0. */
const portless = new Set([1, 58]);

function endpoint(record: Fields, addresses: readonly string[], portName: string): string {
  const port = portless.has(Number(record.protocolIdentifier)) ? undefined : record[portName];
  return joined(first(record, addresses), port);
}

function joined(address: unknown, port: unknown): string {
  if (port === undefined) return String(address ?? '');
  const text = String(address ?? '*');
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** Only what translation has changed; exporters that translate no port leave it out. */
function natText(record: Fields): string {
  const source = natEndpoint(record, sources, 'sourceTransportPort', natSources, 'postNAPTSourceTransportPort');
  const destination = natEndpoint(
    record,
    destinations,
    'destinationTransportPort',
    natDestinations,
    'postNAPTDestinationTransportPort',
  );
  return [...(source === '' ? [] : [`from ${source}`]), ...(destination === '' ? [] : [`to ${destination}`])].join(' ');
}

function natEndpoint(
  record: Fields,
  addresses: readonly string[],
  portName: string,
  natAddresses: readonly string[],
  natPortName: string,
): string {
  const address = first(record, natAddresses) ?? first(record, addresses);
  const port = record[natPortName] ?? record[portName];
  if (address === first(record, addresses) && port === record[portName]) return '';
  return joined(address, port);
}

function moreText({ record, scope }: PrintedRecord): string {
  const totals = deltas.filter(delta => record[delta] === undefined).map(totalOf);
  const rest = Object.entries(record).filter(([name]) => !shown.has(name) && !totals.includes(name));
  return [...Object.entries(scope ?? {}), ...rest].map(([name, value]) => `${name}=${valueText(value)}`).join(' ');
}

function valueText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
