import type { SeriesBy, SeriesResponse } from '../api/types.js';
import { t } from '../i18n/index.js';
import { conditionOf, labelOf, type Value } from './dimensions.js';

/** So many groups have a colour of their own: more cannot be told from each other. */
export const MOST = 8;

/** One of the groups that the traffic is told apart by; the last one may be all others. */
export interface Band {
  /** Undefined for all others. */
  value: Value | undefined;
  label: string;
  /** The name of its colour in app.css. */
  colour: string;
  /** A filter for it alone, where it can be said. */
  condition?: string;
  /** Octets per second, one value a bucket. */
  inOctets: number[];
  outOctets: number[];
}

/** The colour of the group at a place in the order of sizes; undefined is all others. */
export function colourOf(place: number | undefined): string {
  return place === undefined || place >= MOST ? '--group-others' : `--group-${place + 1}`;
}

/** The groups of an answer in its order, the others behind them where there are any. `asNames` by number. */
export function bandsOf(answer: SeriesBy, field: string, asNames: Readonly<Record<string, string>>): Band[] {
  const bands = answer.groups.map(({ value, name, inOctets, outOctets }, place): Band => {
    const condition = conditionOf(field, value);
    return {
      ...{
        value,
        label: labelOf(field, value, name ?? asNames[String(value)]),
        colour: colourOf(place),
        inOctets,
        outOctets,
      },
      ...(condition !== undefined && { condition }),
    };
  });
  const { inOctets, outOctets } = answer.others;
  const none = [...inOctets, ...outOctets].every(octets => octets <= 0);
  if (none) return bands;
  return [...bands, { value: undefined, label: t.split.others, colour: colourOf(undefined), inOctets, outOctets }];
}

/** What all groups are together. Packets are not told apart. */
export function totalOf({ step, times, groups, others }: SeriesBy): SeriesResponse {
  const sum = (column: 'inOctets' | 'outOctets'): number[] =>
    times.map((_, i) => groups.reduce((octets, group) => octets + (group[column][i] ?? 0), others[column][i] ?? 0));
  return { step, times, inOctets: sum('inOctets'), outOctets: sum('outOctets'), inPackets: [], outPackets: [] };
}

/**
 * The groups on top of each other, from the axis on: for each the sum of it and of those before it. The outermost comes
 * first, so that those drawn later cover it but for what it adds.
 */
export function stacked(columns: readonly (readonly number[])[]): number[][] {
  const sums: number[][] = [];
  for (const column of columns) sums.push(column.map((value, i) => value + (sums.at(-1)?.[i] ?? 0)));
  return sums.reverse();
}
