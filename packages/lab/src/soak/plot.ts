import type { Held } from './memory.js';

/** What happened from when to when, in milliseconds since the Unix epoch. */
interface Span {
  from: number;
  to: number;
}

const size = { width: 880, height: 260, left: 60, bottom: 30, top: 20 };
const inside = { width: size.width - size.left - 10, height: size.height - size.top - size.bottom };

/** Memory over time as SVG: what is resident of the probe and of the collector, and faults as bars behind them. Text follows the page's colour. */
export function memoryPlot(probe: readonly Held[], collector: readonly Held[], faults: readonly Span[]): string {
  const all = [...probe, ...collector];
  const begun = Math.min(...all.map(each => each.time));
  const ended = Math.max(...all.map(each => each.time));
  const most = Math.max(...all.map(each => each.resident)) * 1.05;
  const x = (time: number): string =>
    (size.left + (inside.width * (time - begun)) / Math.max(1, ended - begun)).toFixed(1);
  const y = (octets: number): string => (size.top + inside.height * (1 - octets / most)).toFixed(1);
  const bars = faults.map(
    ({ from, to }) =>
      `<rect x="${x(from)}" width="${Math.max(1, Number(x(to)) - Number(x(from))).toFixed(1)}" y="${size.top}" height="${inside.height}" fill="#888" opacity="0.25"/>`,
  );
  const steps = [0, 0.25, 0.5, 0.75, 1].map(part => {
    const octets = part * most;
    return `<text x="${size.left - 6}" y="${Number(y(octets)) + 4}" text-anchor="end">${(octets / 1e6).toFixed(0)} MB</text><path d="M${size.left} ${y(octets)}H${size.width - 10}" stroke="#888" opacity="0.3"/>`;
  });
  const minutes = [0, 0.25, 0.5, 0.75, 1].map(part => {
    const time = begun + part * (ended - begun);
    return `<text x="${x(time)}" y="${size.height - 10}" text-anchor="middle">${((time - begun) / 60_000).toFixed(0)} min</text>`;
  });
  const lines = [
    line(probe, x, y, '#1f77b4'),
    line(collector, x, y, '#d95f02'),
    `<text x="${size.left + 8}" y="14" fill="#1f77b4">probe</text>`,
    `<text x="${size.left + 60}" y="14" fill="#d95f02">collector with its engine</text>`,
  ];
  const drawn = [...bars, ...steps, ...minutes, ...lines].join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12" fill="#888">
<title>Resident memory over time; bars are faults</title>
${drawn}
</svg>
`;
}

/** A line for each process: after a kill it is another one. */
function line(
  samples: readonly Held[],
  x: (time: number) => string,
  y: (octets: number) => string,
  colour: string,
): string {
  const paths = [...new Set(samples.map(each => each.pid))].map(pid => {
    const own = samples.filter(each => each.pid === pid);
    return `M${own.map(each => `${x(each.time)} ${y(each.resident)}`).join('L')}`;
  });
  return `<path d="${paths.join('')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}
