import { existsSync, readFileSync } from 'node:fs';

/** A series with the times at which something is known to have been unusual. */
export interface LabelledSeries {
  readonly name: string;
  /** Milliseconds since the epoch; a step may be missing. */
  readonly time: Float64Array;
  readonly value: Float64Array;
  /** Seconds. */
  readonly step: number;
  readonly windows: readonly Window[];
}

/** Milliseconds since the epoch, both of them within it. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** Labelled series (MIT) are beside the repository, not in it: see CONTRIBUTING.md. */
const DATA = new URL('../../../../../../../shared/data/timeseries/', import.meta.url);

/** Why there are no labelled series, or nothing. */
export function withoutLabelled(): string | undefined {
  return existsSync(DATA) ? undefined : 'no ../shared/data/timeseries beside the repository';
}

export function readLabelled(): LabelledSeries[] {
  const text = readFileSync(new URL('anomaly-windows.json', DATA), 'utf8');
  return Object.entries(JSON.parse(text) as Record<string, [string, string][]>).map(([file, windows]) => {
    const rows = readFileSync(new URL(file, DATA), 'utf8').trim().split('\n').slice(1);
    const time = Float64Array.from(rows, row => timeOf(row.slice(0, row.indexOf(','))));
    return {
      name: file.replace('.csv', ''),
      time,
      value: Float64Array.from(rows, row => Number(row.slice(row.indexOf(',') + 1))),
      step: ((time[1] as number) - (time[0] as number)) / 1000,
      windows: windows.map(([start, end]) => ({ start: timeOf(start), end: timeOf(end) })),
    };
  });
}

/** @param text without a zone: they say none, and it does not matter */
function timeOf(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}
