import type { Bottlenecks, QualityLine, QualitySeries } from '../../api/types.js';
import { formatCount, formatShare } from '../../format/units.js';
import { t } from '../../i18n/index.js';
import type { Line } from '../../plot/lines.js';
import { conditionOf, labelOf, type Value } from '../../split/dimensions.js';
import { formatRoundTrip } from '../../summary/summary.js';

/** Columns of the table, each a number of a row. */
export const COLUMNS = ['flows', 'unanswered', 'unopened', 'resets', 'p50', 'p90', 'p99'] as const;
export type Column = (typeof COLUMNS)[number];

export interface Row {
  key: string;
  label: string;
  /** A filter for this group alone; undefined where the records do not say what it is. */
  condition?: string;
  /** Flows; shares of those that can tell; milliseconds. Undefined where nothing is known. */
  values: Readonly<Record<Column, number | undefined>>;
}

/** The rows of a table. @param field that the lines are told apart by */
export function rowsOf(field: string, lines: readonly QualityLine[], asNames: Readonly<Record<string, string>>): Row[] {
  return lines.map(line => {
    const group = line as unknown as Readonly<Record<string, Value>>;
    const value = group[field] ?? null;
    const condition = conditionOf(field, value);
    const name = group[`${field}Name`] ?? asNames[String(value)];
    return {
      key: JSON.stringify(value),
      label: labelOf(field, value, name === undefined || name === null ? undefined : String(name)),
      ...(condition !== undefined && { condition }),
      values: valuesOf(line),
    };
  });
}

function valuesOf({ flows, answered, unanswered, tcp, unopened, resets, roundTrip }: QualityLine): Row['values'] {
  const share = (part: number, whole: number) => (whole > 0 ? part / whole : undefined);
  return {
    ...{ flows, unanswered: share(unanswered, answered + unanswered), unopened: share(unopened, tcp) },
    resets: share(resets, tcp - unopened),
    ...{ p50: roundTrip?.p50, p90: roundTrip?.p90, p99: roundTrip?.p99 },
  };
}

/** The largest first; what is not known last. */
export function sorted(rows: readonly Row[], column: Column): Row[] {
  return [...rows].sort((a, b) => (b.values[column] ?? -1) - (a.values[column] ?? -1));
}

export function textOf(column: Column, value: number | undefined): string {
  if (value === undefined) return '–';
  if (column === 'flows') return formatCount(value);
  return column.startsWith('p') ? formatRoundTrip(value) : formatShare(value);
}

/** "wan0 of 10.0.0.1, in". */
export function nameOf({ exporter, interface: number, name, direction }: Bottlenecks['links'][number]): string {
  return `${name ?? t.split.interface(number)} (${exporter}), ${t.quality.direction[direction]}`;
}

export function tripLines({ p50, p90, p99 }: QualitySeries): Line[] {
  return [
    { name: t.quality.half, colour: '--group-1', values: p50 },
    { name: t.quality.nine, colour: '--group-2', values: p90 },
    { name: t.quality.most, colour: '--group-3', values: p99 },
  ];
}

export function shareLines({ answered, unopened, resets }: QualitySeries): Line[] {
  return [
    { name: t.quality.answered, colour: '--group-1', values: answered },
    { name: t.quality.unopened, colour: '--group-4', values: unopened },
    { name: t.quality.resets, colour: '--group-5', values: resets },
  ];
}
