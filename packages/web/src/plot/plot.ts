import uPlot from 'uplot';
import { formatClock, formatDay, formatShortClock } from '../format/time.js';
import { formatBitRate, withoutZeros } from '../format/units.js';
import { axisRange } from './axis.js';
import { onDrag } from './drag.js';

/** What the plot needs to know beside its data. Times in seconds. */
export interface PlotState {
  from: number;
  to: number;
  /** From here on data is still arriving. */
  completeUntil: number;
}

export interface PlotColours {
  in: string;
  out: string;
  text: string;
  grid: string;
  line: string;
  surface: string;
  /** Of the groups, the largest first; none where the traffic is not told apart. */
  groups: string[];
}

export const FONT = '12px system-ui, sans-serif';
const DAY = 86_400;
const HOUR = 3600;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12].map(hours => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map(days => days * DAY),
];

/** A time on the axis: as fine as the steps are, a day where it begins. */
function timeLabel(seconds: number, step: number): string {
  const time = seconds * 1000;
  if (step >= DAY || (step >= HOUR && new Date(time).getHours() === 0)) return formatDay(time);
  return step < 60 ? formatClock(time) : formatShortClock(time);
}

/**
 * The colours of the page as the canvas needs them: resolved for the theme that `element` is in.
 * @param groups the names of those of groups.
 */
export function readColours(element: HTMLElement, groups: readonly string[]): PlotColours {
  const probe = element.appendChild(document.createElement('i'));
  const read = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours = {
    in: read('--in'),
    out: read('--out'),
    text: read('--text-2'),
    grid: read('--grid'),
    line: read('--text-3'),
    surface: read('--surface'),
    groups: groups.map(read),
  };
  probe.remove();
  return colours;
}

function translucent(colour: string, percent: number): string {
  return `color-mix(in srgb, ${colour} ${percent}%, transparent)`;
}

/** Veils the part that is still arriving: what it shows is true, but not yet all. */
function veil(u: uPlot, state: PlotState, colours: PlotColours): void {
  const { ctx, bbox } = u;
  const left = Math.max(bbox.left, u.valToPos(state.completeUntil, 'x', true));
  const width = bbox.left + bbox.width - left;
  if (width <= 0) return;
  ctx.save();
  // The series drawn last may be dashed.
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.fillStyle = translucent(colours.surface, 55);
  ctx.fillRect(left, bbox.top, width, bbox.height);
  ctx.strokeStyle = translucent(colours.line, 22);
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (let x = left - bbox.height; x < left + width; x += 9 * devicePixelRatio) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

function zeroLine(u: uPlot, colours: PlotColours): void {
  const { ctx, bbox } = u;
  const y = Math.round(u.valToPos(0, 'y', true)) + 0.5;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.line;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** How an axis tells times. */
export const timeAxis: uPlot.Axis = {
  size: 34,
  gap: 9,
  incrs: TIME_STEPS,
  values: (_u, splits, _axis, _space, step) => splits.map(seconds => timeLabel(seconds, step)),
};

function axes(colours: PlotColours): uPlot.Axis[] {
  const common = { stroke: colours.text, font: FONT, ticks: { show: false }, grid: { stroke: colours.grid, width: 1 } };
  return [
    { ...common, ...timeAxis, space: 76 },
    {
      ...common,
      size: 82,
      space: 34,
      values: (_u, splits) => splits.map(bits => withoutZeros(formatBitRate(Math.abs(bits) / 8))),
    },
  ];
}

const stepped = uPlot.paths.stepped?.({ align: 1 });

function area(colour: string): uPlot.Series {
  return {
    stroke: colour,
    width: 1.5,
    fill: translucent(colour, 24),
    fillTo: () => 0,
    points: { show: false },
    ...(stepped !== undefined && { paths: stepped }),
  };
}

/** Pixels that a bucket needs, for lines between groups to leave something of it. */
const ROOM_FOR_LINES = 3.5;

/** Groups on each other, each covering the one before; lines between them keep them apart whatever their colours. */
function stack({ groups, surface }: PlotColours): uPlot.Series[] {
  return [...groups].reverse().map(colour => ({
    ...area(colour),
    width: 1,
    fill: colour,
    stroke: u => (bucketWidth(u) < ROOM_FOR_LINES ? colour : surface),
  }));
}

/** In pixels of the page. */
function bucketWidth(u: uPlot): number {
  const [first, second] = u.data[0];
  return first === undefined || second === undefined ? 0 : u.valToPos(second, 'x') - u.valToPos(first, 'x');
}

/** What there was before, to compare with: a line without an area. */
function line(colour: string): uPlot.Series {
  return {
    stroke: colour,
    width: 1.5,
    dash: [5, 4],
    points: { show: false },
    ...(stepped !== undefined && { paths: stepped }),
  };
}

export interface PlotEvents {
  /** The bucket under the pointer and its place in pixels, or none. */
  hover(at: { index: number; left: number } | undefined): void;
  /** Something is being dragged: what is drawn must stay where it is. */
  drag(): void;
  /** The drag came to an end, at times in seconds if to anything. */
  zoom(times?: [from: number, to: number]): void;
}

/** A plot of bit/s, in above the axis and out below it, of what `plotData` gives. `state` is read at each drawing. */
export function createPlot(target: HTMLElement, state: PlotState, colours: PlotColours, events: PlotEvents): uPlot {
  const areas =
    colours.groups.length === 0 ? [area(colours.in), area(colours.out)] : [...stack(colours), ...stack(colours)];
  const series = [{}, ...areas, line(colours.text), line(colours.text)];
  const options: uPlot.Options = {
    width: target.clientWidth,
    height: target.clientHeight,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7, show: colours.groups.length === 0 } },
    padding: [8, 26, 0, 0],
    scales: {
      x: { time: true, range: () => [state.from, state.to] },
      y: { range: (_u, min, max) => axisRange(-(min ?? 0), max ?? 0) },
    },
    axes: axes(colours),
    series,
    hooks: {
      ready: [u => onDrag(u, events.drag, events.zoom)],
      draw: [u => veil(u, state, colours), u => zeroLine(u, colours)],
      setCursor: [
        u => {
          const { idx, left } = u.cursor;
          events.hover(
            idx == null || left == null || left < 0 ? undefined : { index: idx, left: left + u.over.offsetLeft },
          );
        },
      ],
    },
  };
  return new uPlot(options, series.map(() => []) as unknown as uPlot.AlignedData, target);
}

/** Keeps a plot as large as the place that it is in, until what is returned is called. */
export function follow(plot: uPlot, target: HTMLElement): () => void {
  const observer = new ResizeObserver(() => plot.setSize({ width: target.clientWidth, height: target.clientHeight }));
  observer.observe(target);
  return () => observer.disconnect();
}
