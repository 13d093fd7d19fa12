import uPlot from 'uplot';
import { FONT, timeAxis } from './plot.js';

/** A line over time: its name, the token of its colour, and its values, null where there are none. */
export interface Line {
  name: string;
  colour: string;
  values: readonly (number | null)[];
  /** What is below it is filled. */
  filled?: boolean;
  /** It stays as it is until the next value. */
  stepped?: boolean;
}

export interface LinesLook {
  text: string;
  grid: string;
  colours: readonly string[];
  /** From 0 up to here, where that is known beforehand. */
  most: number | undefined;
  format: (value: number) => string;
}

/** A small plot of some lines over times in milliseconds, from 0 up. */
export function createLines(
  target: HTMLElement,
  lines: readonly Line[],
  look: LinesLook,
  hover: (index: number | undefined) => void,
): uPlot {
  const axis = { stroke: look.text, font: FONT, ticks: { show: false }, grid: { stroke: look.grid, width: 1 } };
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const series = lines.map(({ filled, stepped: isStepped }, i) => ({
    stroke: look.colours[i]!,
    width: 1.5,
    points: { show: false },
    ...(filled && { fill: `color-mix(in srgb, ${look.colours[i]} 20%, transparent)` }),
    ...(isStepped && stepped !== undefined && { paths: stepped }),
  }));
  const options: uPlot.Options = {
    width: target.clientWidth,
    height: target.clientHeight,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_u, _min, max) => [0, look.most ?? Math.max((max ?? 0) * 1.08, 1e-9)] } },
    axes: [
      { ...axis, ...timeAxis, space: 70 },
      { ...axis, size: 74, space: 30, values: (_u, splits) => splits.map(look.format) },
    ],
    series: [{}, ...series],
    hooks: { setCursor: [u => hover(u.cursor.idx ?? undefined)] },
  };
  return new uPlot(options, [[], ...lines.map(() => [])] as unknown as uPlot.AlignedData, target);
}

export function linesData(times: readonly number[], lines: readonly Line[]): uPlot.AlignedData {
  return [times.map(time => time / 1000), ...lines.map(({ values }) => [...values])];
}
