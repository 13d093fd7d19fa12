import type { Plots, Series } from '../verdict/verdict.js';
import { number } from '../words.js';

/** A plot as page/draw.ts takes it, with its title and what it shows in words. */
export interface Drawing {
  title: string;
  words: string;
  x: { label: string; unit: string };
  y: { unit: string };
  series: { name: string; colour: string; fill?: string }[];
  data: (number | null)[][];
}

/** The plots of one verdict; none where there is nothing to see. */
export function drawingsOf({ truth, told, octets, start, end }: Plots, subject: string): Drawing[] {
  const times = [
    { name: 'first packet', colour: 'told', values: start },
    { name: 'last packet', colour: 'second', values: end },
  ].filter(({ values }) => values.length > 0);
  return [
    ...overTime(truth, told, subject),
    ...(times.length === 0 ? [] : [errors('Errors of times, sorted', times, 'ms')]),
    ...(octets.some(error => error > 0)
      ? [errors('Errors of octets, sorted', [{ name: 'octets', colour: 'told', values: octets }], 'B')]
      : []),
  ];
}

function overTime(truth: Series | undefined, told: Series | undefined, subject: string): Drawing[] {
  const all = [
    ...(truth === undefined ? [] : [{ ...truth, name: 'truth', colour: 'truth', fill: 'truth-fill' }]),
    ...(told === undefined ? [] : [{ ...told, name: subject, colour: 'told' }]),
  ];
  const [first] = all;
  if (first === undefined) return [];
  // Both begin with the truth's first bucket and have its step.
  const length = Math.max(...all.map(({ values }) => values.length));
  const x = Array.from({ length }, (_, i) => (i * first.step) / 1000);
  const most = all.map(({ name, values }) => `${name} at most ${number(rounded(largest(values)))} octets a second`);
  return [
    {
      title: 'Octets over time, both directions',
      words: `${number((length * first.step) / 1000)} s; ${most.join('; ')}.`,
      x: { label: 'time', unit: ' s' },
      y: { unit: 'B/s' },
      series: all.map(({ from: _, step: __, values: ___, ...series }) => series),
      data: [x, ...all.map(({ values }) => x.map((_, i) => values[i] ?? 0))],
    },
  ];
}

/** Each list in ascending order over the share of flows that are at least as good. */
function errors(title: string, lists: { name: string; colour: string; values: number[] }[], unit: string): Drawing {
  const length = Math.max(...lists.map(({ values }) => values.length));
  const x = Array.from({ length }, (_, i) => (length === 1 ? 100 : (100 * i) / (length - 1)));
  const at = (values: number[], share: number): number => values[Math.round((share / 100) * (values.length - 1))]!;
  const words = lists.map(({ name, values }) => {
    const [half, most, all] = [50, 95, 100].map(share => `${number(rounded(at(values, share)))} ${unit}`);
    return `${name}: half of the flows within ${half}, 95% within ${most}, all within ${all}`;
  });
  return {
    title,
    words: `${words.join('; ')}.`,
    x: { label: 'flows', unit: '%' },
    y: { unit },
    series: lists.map(({ name, colour }) => ({ name, colour })),
    data: [x, ...lists.map(({ values }) => x.map(share => at(values, share)))],
  };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** To three digits. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
