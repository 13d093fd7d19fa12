import type { ExportedRecord } from '../subjects/exported.js';
import { type FlowKey, keyText, reversed, type TrueFlow } from '../truth/flow.js';
import { byKey } from '../truth/grouped.js';
import { type Comparison, emptyComparison, largestOf, leastOf, sumOf } from './comparison.js';

interface DirectionSum {
  packets: number | undefined;
  octets: number | undefined;
}

/**
 * Exporters that read packets may tell one connection by several records, by one of each direction, and as begun by either side: so the sums
 * of each direction are compared, and what is told more than once shows in sums that are too high in both counters.
 */
export function comparePackets(truth: readonly TrueFlow[], records: ReadonlyMap<string, ExportedRecord[]>): Comparison {
  const found = emptyComparison();
  const groups = byKey(truth);
  const told = new Map<string, ExportedRecord[]>();
  for (const [own, group] of records) {
    const key = groups.has(own) ? own : keyText(reversed(group[0]!));
    if (groups.has(key)) told.set(key, [...(told.get(key) ?? []), ...group]);
    else for (const _ of group) found.invented.push(own);
  }
  const [trueSums, toldSums] = [sumDirections(truth), sumDirections([...records.values()].flat())];
  for (const [key, group] of groups) {
    const its = told.get(key) ?? told.get(keyText(reversed(group[0]!)));
    if (its === undefined) {
      for (const _ of group) found.lost.push(key);
      continue;
    }
    for (const direction of new Set([key, keyText(reversed(group[0]!))])) {
      const sum = trueSums.get(direction);
      // A key that both sides began flows with has its answers under its own name.
      if (sum !== undefined && (direction === key || !groups.has(direction))) {
        compareSums(found, direction, sum, toldSums.get(direction));
      }
    }
    compareTimes(found, key, group, its);
  }
  return found;
}

function sumDirections(flows: readonly (TrueFlow | ExportedRecord)[]): Map<string, DirectionSum> {
  const sums = new Map<string, DirectionSum>();
  const add = (key: FlowKey, packets: number | undefined, octets: number | undefined): void => {
    if (packets === undefined && octets === undefined) return;
    const text = keyText(key);
    const sum = sums.get(text);
    sums.set(text, { packets: sumOf([sum?.packets, packets]), octets: sumOf([sum?.octets, octets]) });
  };
  for (const flow of flows) {
    add(flow, flow.packets, flow.octets);
    add(reversed(flow), flow.reversePackets, flow.reverseOctets);
  }
  return sums;
}

function compareSums(found: Comparison, key: string, truth: DirectionSum, told: DirectionSum | undefined): void {
  const { packets, octets } = told ?? { packets: 0, octets: 0 };
  const tooHigh = (sum: number | undefined, is: number | undefined): boolean => (sum ?? 0) > (is ?? sum ?? 0);
  if (tooHigh(packets, truth.packets) && tooHigh(octets, truth.octets)) {
    found.duplicated.push(key);
    return;
  }
  for (const [counter, sum] of [
    ['packets', packets],
    ['octets', octets],
  ] as const) {
    const is = truth[counter];
    if (is !== undefined && sum !== undefined) found[counter].push({ error: Math.abs(sum - is), key });
  }
}

function compareTimes(
  found: Comparison,
  key: string,
  truth: readonly TrueFlow[],
  told: readonly ExportedRecord[],
): void {
  const first = leastOf(truth.map(flow => flow.first));
  const last = largestOf(truth.map(flow => flow.last));
  const start = leastOf(told.map(record => record.start));
  const end = largestOf(told.map(record => record.end));
  if (first !== undefined && start !== undefined) found.start.push({ error: Math.abs(start - first), key });
  if (last !== undefined && end !== undefined) found.end.push({ error: Math.abs(end - last), key });
}
