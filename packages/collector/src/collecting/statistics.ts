import { type DecodedRecord, elements } from '@weir/ipfix';

/** Scopes of what a Metering or an Exporting Process says of itself (RFC 7011 section 4). */
const processScopes = new Set([
  'observationDomainId',
  'observationPointId',
  'meteringProcessId',
  'exportingProcessId',
  // What the header of NetFlow v5 says of sampling.
  'engineType',
  'engineId',
  'exporterIPv4Address',
  'exporterIPv6Address',
]);

/**
 * The counters of an Options Data Record of statistics by element name, those beyond 2^53-1 rounded. Undefined where the
 * record is about something else, a sampler or an interface, or holds no counter.
 */
export function statisticsOf({ record, scope }: DecodedRecord): Record<string, number> | undefined {
  if (!Object.keys(scope ?? {}).every(name => processScopes.has(name))) return undefined;
  // In the tables of interfaces of NetFlow v9 the scope is the whole exporter.
  if ('interfaceName' in record || 'interfaceDescription' in record) return undefined;
  const numbers: [string, number][] = [];
  for (const [name, value] of Object.entries(record)) {
    if (elements.byName(name)?.type.startsWith('unsigned') !== true) continue;
    const number = Number(value);
    if (Number.isFinite(number)) numbers.push([name, number]);
  }
  return numbers.length === 0 ? undefined : Object.fromEntries(numbers);
}
