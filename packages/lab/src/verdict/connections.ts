import type { ExportedRecord } from '../subjects/exported.js';
import { activeTimeout } from '../subjects/record-reader.js';
import { keyText, reversed, type TrueFlow } from '../truth/flow.js';
import { byKey } from '../truth/grouped.js';
import {
  addErrors,
  type Comparison,
  counterPairs,
  emptyComparison,
  largestOf,
  leastOf,
  sumOf,
  valuesOf,
} from './comparison.js';
import { pairErrors } from './errors.js';

/** What can be compared of a flow: as it was, or as its records tell it, interim reports and the last one. */
interface Figures {
  packets?: number | undefined;
  octets?: number | undefined;
  reversePackets?: number | undefined;
  reverseOctets?: number | undefined;
  start?: number | undefined;
  end?: number | undefined;
}

/**
 * Exporters of connections: each flow has one record of its end for each direction that is told apart, and interim reports before it. The
 * direction of a Biflow is part of what is told (RFC 5103 section 5): one that is told the wrong way round is lost, and another is invented.
 */
export function compareConnections(
  truth: readonly TrueFlow[],
  told: ReadonlyMap<string, ExportedRecord[]>,
): Comparison {
  const found = emptyComparison();
  const flows = byKey(truth);
  const others = new Map([...told].filter(([key]) => !flows.has(key)));
  for (const [key, group] of others) {
    // What a unidirectional record tells of answers belongs to the flow that was answered.
    const invented = group.filter(record => isBiflow(record) || !flows.has(keyText(reversed(record))));
    for (const _ of invented) found.invented.push(key);
  }
  for (const [key, group] of flows) {
    const back = others.size === 0 ? [] : (others.get(keyText(reversed(group[0]!))) ?? []);
    const unidirectional = back.filter(record => !isBiflow(record));
    compareOne(found, key, group, told.get(key) ?? [], unidirectional);
  }
  return found;
}

const isBiflow = (record: ExportedRecord): boolean =>
  record.reversePackets !== undefined || record.reverseOctets !== undefined;

function compareOne(
  found: Comparison,
  key: string,
  truth: readonly TrueFlow[],
  forward: readonly ExportedRecord[],
  back: readonly ExportedRecord[],
): void {
  const told = flowsOf(forward);
  const toldBack = flowsOf(back);
  for (let i = told.length; i < truth.length; i++) found.lost.push(key);
  for (const direction of [told, toldBack]) {
    for (let i = truth.length; i < direction.length; i++) found.duplicated.push(key);
  }
  if (told.length === 0) return;
  const was = truth.map(figuresOf);
  // Interim reports of several flows with one key, all at once, do not say whose they are: then only sums can be compared.
  const mixed = truth.length > 1 && forward.some(({ endReason }) => endReason === activeTimeout);
  const asComparable = (flows: Figures[]): Figures[] => (mixed ? [merged(flows)] : flows);
  const answersApart = forward.some(isBiflow) ? undefined : asComparable(toldBack);
  compareFigures(found, key, asComparable(was), asComparable(told), answersApart);
}

function figuresOf({ packets, octets, reversePackets, reverseOctets, first, last }: TrueFlow): Figures {
  return { packets, octets, reversePackets, reverseOctets, start: first, end: last };
}

/** @param answersApart what unidirectional records tell of the answers */
function compareFigures(
  found: Comparison,
  key: string,
  was: readonly Figures[],
  told: readonly Figures[],
  answersApart: readonly Figures[] | undefined,
): void {
  const compare = (
    what: 'octets' | 'packets' | 'start' | 'end',
    truth: number[] | undefined,
    values: number[] | undefined,
  ): void => {
    if (truth !== undefined && values !== undefined) addErrors(found[what], key, pairErrors(truth, values));
  };
  for (const [counter, reverse] of counterPairs) {
    const ahead = valuesOf(told, flow => flow[counter]);
    // Who tells no answers at all says that there were none.
    const apart = ahead?.map((_, i) => answersApart?.[i]?.[counter] ?? 0);
    const back = answersApart === undefined ? valuesOf(told, flow => flow[reverse]) : apart;
    compare(
      counter,
      valuesOf(was, flow => flow[counter]),
      ahead,
    );
    compare(
      counter,
      valuesOf(was, flow => flow[reverse]),
      back,
    );
  }
  for (const time of ['start', 'end'] as const) {
    compare(
      time,
      valuesOf(was, flow => flow[time]),
      valuesOf(told, flow => flow[time]),
    );
  }
}

/** Cuts the records of one key, in their order, after each that tells of an end. */
function flowsOf(records: readonly ExportedRecord[]): Figures[] {
  const flows: Figures[] = [];
  let parts: ExportedRecord[] = [];
  for (const record of records) {
    parts.push(record);
    if (record.endReason === activeTimeout) continue;
    flows.push(parts.length === 1 ? record : merged(parts));
    parts = [];
  }
  return parts.length === 0 ? flows : [...flows, merged(parts)];
}

function merged(parts: readonly Figures[]): Figures {
  return {
    packets: sumOf(parts.map(({ packets }) => packets)),
    octets: sumOf(parts.map(({ octets }) => octets)),
    reversePackets: sumOf(parts.map(({ reversePackets }) => reversePackets)),
    reverseOctets: sumOf(parts.map(({ reverseOctets }) => reverseOctets)),
    start: leastOf(parts.map(({ start }) => start)),
    end: largestOf(parts.map(({ end }) => end)),
  };
}
