import type { Statement } from './statement.js';

/** A line of a table. */
export type Row = Readonly<Record<string, string | number>>;

/** What a line of a bill is made of. */
export interface Billed {
  readonly state: string;
  readonly entry?: { readonly number: number };
  readonly statement: Statement;
}

/** A bill as one line: octets, bits per second, times in UTC. */
export function billRow({ state, entry, statement }: Billed): Row {
  const { octets, percentile, quota } = statement;
  return {
    ...{ account: statement.account, month: statement.month, state, entry: entry?.number ?? '' },
    ...{ from: iso(statement.from), until: iso(statement.until), timeZone: statement.timeZone },
    ...{ inOctets: octets.in, outOctets: octets.out, withinOctets: octets.within },
    ...{ percent: percentile.percent, percentileOf: percentile.of, billedBitsPerSecond: percentile.billed },
    ...{ inBitsPerSecond: percentile.in, outBitsPerSecond: percentile.out, sumBitsPerSecond: percentile.sum },
    ...{ samples: statement.samples, emptySamples: statement.emptySamples },
    ...{ quotaOctets: quota?.octets ?? '', quotaOf: quota?.of ?? '', quotaUsed: quota?.used ?? '' },
  };
}

/** The days of a bill, a line each. */
export function dayRows({ state, entry, statement: { account, month, days } }: Billed): Row[] {
  return days.map(({ date, ...octets }) => ({
    ...{ account, month, state, entry: entry?.number ?? '', day: date },
    ...{ inOctets: octets.in, outOctets: octets.out, withinOctets: octets.within },
  }));
}

/** RFC 4180, with a header. */
export function csvOf(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const lines = [Object.keys(first), ...rows.map(row => Object.values(row))];
  return `${lines.map(cells => cells.map(quoted).join(',')).join('\r\n')}\r\n`;
}

function quoted(cell: string | number): string {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
