import type { ExportedRecord } from '../subjects/exported.js';
import { activeTimeout } from '../subjects/record-reader.js';
import { keyText } from '../truth/flow.js';
import type { Series } from './verdict.js';

const plotStep = 100;
const smoothnessStep = 1000;
/** So many records a flow has to have, and so many whole buckets, before its smoothness says something. */
const least = { records: 3, buckets: 4 };
/** A record whose times are so far from all others, in buckets, has no place in a plot. */
const mostBuckets = 36_000;

type Timed = ExportedRecord & { start: number; end: number };

const hasTimes = (record: ExportedRecord): record is Timed => record.start !== undefined && record.end !== undefined;

/** Octets a second of all records, both directions, each spread over its own interval; as `like` in its buckets if that is given. */
export function toldSeries(records: readonly ExportedRecord[], like?: Series): Series | undefined {
  const timed = withOwnIntervals(records);
  if (timed.length === 0) return undefined;
  const step = like?.step ?? plotStep;
  const first = timed.reduce((least, { start }) => Math.min(least, start), Number.POSITIVE_INFINITY);
  const from = like?.from ?? Math.floor(first / step) * step;
  return { from, step, values: spread(timed, from, step).map(octets => (octets * 1000) / step) };
}

/**
 * Largest bucket of a second by the median of the whole ones, of the flow with most octets among those that have interim reports; undefined
 * where none is long enough.
 */
export function smoothnessOf(told: ReadonlyMap<string, ExportedRecord[]>): number | undefined {
  const several = [...told.values()].filter(group => group.length >= least.records);
  const groups = several.map(withOwnIntervals).filter(group => group.length >= least.records);
  const octets = (group: readonly Timed[]): number => group.reduce((sum, record) => sum + octetsOf(record), 0);
  const largest = groups.sort((a, b) => octets(b) - octets(a))[0];
  if (largest === undefined) return undefined;
  const from = Math.min(...largest.map(({ start }) => start));
  const to = Math.max(...largest.map(({ end }) => end));
  const buckets = spread(largest, from, smoothnessStep);
  const whole = buckets.slice(0, Math.floor((to - from) / smoothnessStep)).sort((a, b) => a - b);
  const median = whole[whole.length >> 1];
  return whole.length < least.buckets || !median ? undefined : Math.max(...buckets) / median;
}

/**
 * What a record counts it counts since the flow's record before it, though it may tell when the flow began: its own interval begins where
 * that one's ends.
 */
function withOwnIntervals(records: readonly ExportedRecord[]): Timed[] {
  if (!records.some(({ endReason }) => endReason === activeTimeout)) return records.filter(hasTimes);
  const ends = new Map<string, number>();
  return records.filter(hasTimes).map(record => {
    const flow = `${keyText(record)} ${record.start}`;
    const before = ends.get(flow);
    if (record.endReason === activeTimeout) ends.set(flow, record.end);
    else if (before !== undefined) ends.delete(flow);
    return before === undefined || before > record.end ? record : { ...record, start: before };
  });
}

const octetsOf = ({ octets, reverseOctets }: ExportedRecord): number => (octets ?? 0) + (reverseOctets ?? 0);

/** Octets by bucket. */
function spread(records: readonly Timed[], from: number, step: number): number[] {
  const buckets: number[] = [];
  for (const record of records) {
    const { start, end } = record;
    const [first, last] = [start, end].map(time => Math.floor((time - from) / step)) as [number, number];
    if (first < 0 || last >= mostBuckets || end < start) continue;
    const octets = octetsOf(record);
    for (let bucket = first; bucket <= last; bucket++) {
      const begin = Math.max(start, from + bucket * step);
      const part = end === start ? 1 : (Math.min(end, from + (bucket + 1) * step) - begin) / (end - start);
      buckets[bucket] = (buckets[bucket] ?? 0) + octets * part;
    }
  }
  return Array.from(buckets, octets => octets ?? 0);
}
