// Runs in the page: draws each plot into the element that names it, again when the colours or the width change. No import: it is put
// into the page as it is compiled.

/** What of the browser is used here; this package is compiled for Node. */
interface Box {
  dataset: Record<string, string | undefined>;
  clientWidth: number;
  textContent: string | null;
  addEventListener(type: 'keydown', listener: (event: Key) => void): void;
  querySelector(selector: string): { setAttribute(name: string, value: string): void };
}
interface Key {
  key: string;
  preventDefault(): void;
}
interface Plotted {
  data: number[][];
  cursor: { idx?: number | null };
  height: number;
  setSize(size: { width: number; height: number }): void;
  setCursor(at: { left: number; top: number }): void;
  valToPos(value: number, scale: string): number;
  destroy(): void;
}
declare const document: {
  documentElement: Box;
  getElementById(id: string): Box;
  querySelectorAll(selector: string): Iterable<Box>;
};
declare const getComputedStyle: (of: Box) => { getPropertyValue(name: string): string };
declare const matchMedia: (query: string) => { addEventListener(type: 'change', listener: () => void): void };
declare const ResizeObserver: new (seen: (entries: { target: Box }[]) => void) => { observe(box: Box): void };
declare const uPlot: new (options: object, data: (number | null)[][], into: Box) => Plotted;

/** As html.ts writes it. */
interface Drawing {
  x: { label: string; unit: string };
  y: { unit: string };
  series: { name: string; colour: string; fill?: string }[];
  data: (number | null)[][];
}

const height = 200;
const drawings = JSON.parse(document.getElementById('drawings').textContent!) as Record<string, Drawing>;
const plots = new Map<Box, Plotted>();

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** "1.5 MB", "300 kB/s", "12.5 ms", "1.2 s". */
function short(value: number, unit: string): string {
  if (unit === 'ms' && value >= 1000) return short(value / 1000, 's');
  const [factor, prefix] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / factor).toPrecision(3))} ${prefix}${unit}`;
}

function axis(size: number, text: (value: number) => string): object {
  return {
    size,
    stroke: colour('soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('grid'), width: 1 },
    ticks: { stroke: colour('line'), width: 1, size: 4 },
    values: (_: unknown, values: number[]) => values.map(text),
  };
}

function draw(box: Box): void {
  const { x, y, series, data } = drawings[box.dataset.drawing!]!;
  const value = (unit: string) => (_: unknown, is: number | null) => (is === null ? '-' : short(is, unit));
  const options = {
    width: box.clientWidth,
    height,
    scales: {
      x: { time: false },
      y: { range: (_: unknown, __: number, most: number) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [axis(28, value => `${value}${x.unit}`), axis(76, value => short(value, y.unit))],
    series: [
      {
        label: x.label,
        value: (_: unknown, is: number | null) => (is === null ? '-' : `${Number(is.toFixed(1))}${x.unit}`),
      },
      ...series.map(each => ({
        label: each.name,
        stroke: colour(each.colour),
        width: 2,
        points: { show: data[0]!.length < 3 },
        value: value(y.unit),
        ...(each.fill === undefined ? {} : { fill: colour(each.fill) }),
      })),
    ],
    cursor: { drag: { x: false, y: false }, y: false },
  };
  plots.get(box)?.destroy();
  plots.set(box, new uPlot(options, data, box));
}

/** Arrow keys, Home and End move the cursor; the legend below tells the values. */
function move(box: Box, event: Key): void {
  const plot = plots.get(box)!;
  const last = plot.data[0]!.length - 1;
  const at = plot.cursor.idx ?? 0;
  const step = Math.max(1, Math.round(last / 100));
  const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  // Who moves by keyboard may be listening; of the mouse's every step nobody wants to hear.
  box.querySelector('.u-legend').setAttribute('aria-live', 'polite');
  plot.setCursor({ left: plot.valToPos(plot.data[0]![Math.min(last, Math.max(0, to))]!, 'x'), top: 1 });
}

const resized = new ResizeObserver(entries => {
  for (const { target } of entries) plots.get(target)?.setSize({ width: target.clientWidth, height });
});
for (const box of document.querySelectorAll('[data-drawing]')) {
  draw(box);
  box.addEventListener('keydown', event => move(box, event));
  resized.observe(box);
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const box of plots.keys()) draw(box);
});
