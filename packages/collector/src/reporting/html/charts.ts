/** Plots as SVG of one piece: nothing is loaded, and paper shows what the screen does. Units of the view are about pixels. */
import { escaped } from './markup.js';

const WIDTH = 720;
const LEFT = 62;
const TOP = 8;
const BOTTOM = 20;

interface Frame {
  /** What is said of it to who does not see it. */
  readonly label: string;
  readonly height?: number;
  /** How values are written at the axis. */
  readonly format: (value: number) => string;
}

export interface Bar {
  readonly label: string;
  /** From the bottom up. */
  readonly parts: readonly number[];
  /** What it is compared with, as a line over it. */
  readonly before: number;
}

/** Bars of parts, each with a mark of what it is compared with. */
export function bars(all: readonly Bar[], frame: Frame): string {
  const most = Math.max(...all.flatMap(({ parts, before }) => [sum(parts), before]), 0);
  const { y, axis, height } = axisOf(most, frame);
  const room = (WIDTH - LEFT) / Math.max(1, all.length);
  const every = Math.ceil(56 / room);
  const drawn = all.map(({ label, parts, before }, i) => {
    const x = LEFT + i * room;
    const [left, width] = [x + room * 0.18, room * 0.64];
    let below = 0;
    const rects = parts.map((part, kind) => {
      const [from, to] = [y(below), y((below += part))];
      return rect({ x: left, y: to, width, height: from - to }, `part-${kind + 1}`);
    });
    const mark =
      before > 0
        ? line(
            [
              [x + room * 0.1, y(before)],
              [x + room * 0.9, y(before)],
            ],
            'before',
          )
        : '';
    const name = i % every === 0 ? text(x + room / 2, height - 5, label, 'middle') : '';
    return rects.join('') + mark + name;
  });
  return svg(frame, height, axis + drawn.join(''));
}

export interface Curve {
  /** Class of its line. */
  readonly kind: string;
  /** Null where unknown. */
  readonly values: readonly (number | null)[];
  readonly isFilled?: boolean;
}

/** Curves over the same steps. @param labels below the axis, with the index of the step where each begins */
export function curves(
  all: readonly Curve[],
  labels: readonly (readonly [at: number, label: string])[],
  frame: Frame,
): string {
  const count = Math.max(...all.map(({ values }) => values.length), 1);
  const most = Math.max(...all.flatMap(({ values }) => values.map(value => value ?? 0)), 0);
  const { y, axis, height } = axisOf(most, frame);
  const x = (i: number) => LEFT + (i * (WIDTH - LEFT)) / Math.max(1, count - 1);
  const paths = all.map(({ kind, values, isFilled }) => {
    const runs = runsOf(values).map(run => run.map(([i, value]) => [x(i), y(value)] as const));
    const areas = isFilled ? runs.map(run => area(run, y(0), kind)) : [];
    return [...areas, ...runs.map(run => line(run, kind))].join('');
  });
  const names = labels.map(
    ([at, label]) =>
      line(
        [
          [x(at), TOP],
          [x(at), height - BOTTOM],
        ],
        'grid',
      ) + text(x(at) + 3, height - 5, label, 'start'),
  );
  return svg(frame, height, axis + names.join('') + paths.join(''));
}

/** A field of rows by hours: the darker, the more. */
export function heat(
  rows: readonly { readonly label: string; readonly values: readonly number[] }[],
  label: string,
): string {
  const [cell, columns] = [15, Math.max(...rows.map(({ values }) => values.length), 24)];
  const width = (WIDTH - LEFT) / columns;
  const most = Math.max(...rows.flatMap(({ values }) => values), Number.MIN_VALUE);
  const drawn = rows.map(({ label: name, values }, i) => {
    const cells = values.map((value, hour) => {
      const strength = Math.round((value / most) * 100) / 100;
      const at = { x: LEFT + hour * width + 0.5, y: i * cell + 0.5, width: width - 1, height: cell - 1 };
      return rect(at, 'back') + rect(at, 'heat', ` fill-opacity="${strength}"`);
    });
    return cells.join('') + text(LEFT - 6, i * cell + 11, name, 'end');
  });
  const hours = [0, 6, 12, 18].map(hour => text(LEFT + hour * width, rows.length * cell + 13, `${hour}:00`, 'start'));
  return svg({ label }, rows.length * cell + BOTTOM, drawn.join('') + hours.join(''));
}

function axisOf(
  most: number,
  { height = 190, format }: Frame,
): { y: (value: number) => number; axis: string; height: number } {
  const ticks = ticksTo(most);
  const top = ticks.at(-1)!;
  const y = (value: number) => TOP + (height - TOP - BOTTOM) * (1 - value / top);
  const axis = ticks.map(
    tick =>
      line(
        [
          [LEFT, y(tick)],
          [WIDTH, y(tick)],
        ],
        'grid',
      ) + text(LEFT - 6, y(tick) + 4, format(tick), 'end'),
  );
  return { y, axis: axis.join(''), height };
}

/** Round values from 0 to the most or a little above: 1, 2 or 5 times a power of ten apart. */
export function ticksTo(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(each => each * power).find(each => each >= rough)!;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

/** What is known without a gap, each value with its step. */
function runsOf(values: readonly (number | null)[]): [number, number][][] {
  const runs: [number, number][][] = [];
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    if (i > 0 && values[i - 1] !== null) runs.at(-1)!.push([i, value]);
    else runs.push([[i, value]]);
  }
  return runs;
}

type Point = readonly [x: number, y: number];

function line(points: readonly Point[], kind: string): string {
  return `<polyline class="line ${kind}" points="${pointsText(points)}"/>`;
}

function area(points: readonly Point[], bottom: number, kind: string): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  return `<polygon class="area ${kind}" points="${pointsText([[first[0], bottom], ...points, [last[0], bottom]])}"/>`;
}

function pointsText(points: readonly Point[]): string {
  return points.map(point => point.map(short).join(',')).join(' ');
}

function rect(at: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>, kind: string, more = ''): string {
  const places = Object.entries(at).map(([name, value]) => `${name}="${short(Math.max(0, value))}"`);
  return `<rect class="${kind}" ${places.join(' ')}${more}/>`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function svg({ label }: Pick<Frame, 'label'>, height: number, content: string): string {
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(label)}">${content}</svg>`;
}
