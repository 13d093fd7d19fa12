import { activeTimeout } from '../subjects/record-reader.js';
import type { TextRecord } from '../wire/file.js';
import { counted } from '../words.js';

/** What two exporters tell of one Flow differently. */
export interface Difference {
  /** The Flow Key with its translation, as text. */
  flow: string;
  /** "Flow" where only one of them tells of it, "end" where only one of them tells of its end. */
  field: string;
  first: string | undefined;
  second: string | undefined;
}

/** A Flow by all its records. */
interface Told {
  records: number;
  ends: number;
  sums: Map<string, bigint>;
  last: TextRecord;
}

/** By what a Flow is known to both; zones are compared. */
const keyFields = [
  'protocolIdentifier',
  'sourceIPv4Address',
  'sourceIPv6Address',
  'sourceTransportPort',
  'destinationIPv4Address',
  'destinationIPv6Address',
  'destinationTransportPort',
  'icmpTypeCodeIPv4',
  'icmpTypeCodeIPv6',
  'postNATSourceIPv4Address',
  'postNATSourceIPv6Address',
  'postNAPTSourceTransportPort',
  'postNATDestinationIPv4Address',
  'postNATDestinationIPv6Address',
  'postNAPTDestinationTransportPort',
];
const summed = ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'];
/** Weir's own elements, by their Private Enterprise Number: the lab's reader knows the IANA's names only. */
const own = {
  conntrackMark: '32473:6',
  conntrackZone: '32473:7',
  conntrackLabels: '32473:8',
  tcpState: '32473:10',
  tcpStateHistory: '32473:11',
  flowOffload: '32473:14',
  conntrackHelper: '32473:15',
};
/** Of the last record. */
const equal = {
  ...Object.fromEntries(
    [
      'flowEndReason',
      'flowStartMilliseconds',
      'biflowDirection',
      'ingressInterface',
      'egressInterface',
      'ipNextHopIPv4Address',
      'ipNextHopIPv6Address',
      'sourceMacAddress',
      'postDestinationMacAddress',
      'vlanId',
      'postVlanId',
    ].map(name => [name, name]),
  ),
  ...own,
};
/** States CLOSE_WAIT and LAST_ACK: a source that listens to events learns of them by chance, in a sweep (docs/reference/fields.md). */
const chanceStates = (1 << 5) | (1 << 6);
const endToleranceMilliseconds = 1000;

/** What two exporters of the same traffic tell differently, Flow by Flow and field by field. Interim reports may come when they will. */
export function differences(first: readonly TextRecord[], second: readonly TextRecord[]): Difference[] {
  const [a, b] = [flowsOf(first), flowsOf(second)];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap(flow => {
    const [one, other] = [a.get(flow), b.get(flow)];
    const found =
      one === undefined || other === undefined ? [['Flow', presence(one), presence(other)]] : compare(one, other);
    return found.map(([field, first, second]) => ({ flow, field: field!, first, second }));
  });
}

/** One line for each field that differs: in how many Flows, and the first of them. */
export function differenceLines(found: readonly Difference[]): string[] {
  return [...new Set(found.map(({ field }) => field))].map(field => {
    const those = found.filter(each => each.field === field);
    const [{ flow, first, second }] = those as [Difference];
    return `${field} differs in ${counted(those.length, 'Flow')}, such as ${flow}: ${first ?? 'absent'}, ${second ?? 'absent'}`;
  });
}

/** Number of different Flows, and of the records on the way of those that have several. */
export function flowCounts(records: readonly TextRecord[]): { flows: number; interimReports: number } {
  const flows = [...flowsOf(records).values()];
  return { flows: flows.length, interimReports: flows.reduce((sum, { records, ends }) => sum + records - ends, 0) };
}

function flowsOf(records: readonly TextRecord[]): Map<string, Told> {
  const flows = new Map<string, Told>();
  for (const record of records) {
    const key = keyFields.map(name => record.get(name)).filter(value => value !== undefined);
    const before = flows.get(key.join(' '));
    const told = before ?? { records: 0, ends: 0, sums: new Map<string, bigint>(), last: record };
    told.records++;
    if (record.get('flowEndReason') !== String(activeTimeout)) told.ends++;
    told.last = record;
    for (const name of summed) {
      const value = record.get(name);
      if (value !== undefined) told.sums.set(name, (told.sums.get(name) ?? 0n) + BigInt(value));
    }
    flows.set(key.join(' '), told);
  }
  return flows;
}

function presence(told: Told | undefined): string | undefined {
  return told && counted(told.records, 'record');
}

type Row = [field: string, first: string | undefined, second: string | undefined];

function compare(one: Told, other: Told): Row[] {
  const rows: Row[] = [
    ['end', counted(one.ends, 'end'), counted(other.ends, 'end')],
    ...summed.map((name): Row => [name, one.sums.get(name)?.toString(), other.sums.get(name)?.toString()]),
    ...Object.entries(equal).map(([name, id]): Row => [name, lastValue(one, name, id), lastValue(other, name, id)]),
  ];
  const differing = rows.filter(([, first, second]) => first !== second);
  const [end, otherEnd] = [one, other].map(({ last }) => last.get('flowEndMilliseconds'));
  if (!(Math.abs(Number(end) - Number(otherEnd)) <= endToleranceMilliseconds))
    differing.push(['flowEndMilliseconds', end, otherEnd]);
  return differing;
}

function lastValue({ last }: Told, name: string, id: string): string | undefined {
  const value = last.get(id);
  if (name !== 'tcpStateHistory' || value === undefined) return value;
  return (Number.parseInt(value, 16) & ~chanceStates).toString(16);
}
