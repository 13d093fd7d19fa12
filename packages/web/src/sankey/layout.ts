/** What goes from one group to another. */
export interface Pair {
  from: string;
  to: string;
  octets: number;
}

/** A group at one side of the picture. */
export interface Bar {
  /** Undefined is all others. */
  key: string | undefined;
  octets: number;
  top: number;
  height: number;
}

/** A band between two groups: its edges at both sides, from the top. */
export interface Band {
  from: Bar;
  to: Bar;
  octets: number;
  fromTop: number;
  toTop: number;
  width: number;
}

export interface Picture {
  left: Bar[];
  right: Bar[];
  bands: Band[];
}

export interface Size {
  /** Groups a side that are told apart. */
  most: number;
  height: number;
  /** Between two groups, so that the names of small ones do not lie on each other. */
  gap: number;
}

/** Least height of what is there, so that it can be seen. */
const LEAST = 1;

/**
 * The places of groups and of what goes between them. The widths are octets, the largest come first, and what is
 * beyond `most` is with the others, together with what `total` has more than the pairs.
 */
export function layout(pairs: readonly Pair[], total: number, { most, height, gap }: Size): Picture {
  const keptFrom = largest(pairs, 'from', most);
  const keptTo = largest(pairs, 'to', most);
  const known = pairs.reduce((sum, { octets }) => sum + octets, 0);
  const flows = new Map<string, { from?: string; to?: string; octets: number }>();
  const add = (from: string | undefined, to: string | undefined, octets: number): void => {
    const key = JSON.stringify([from ?? null, to ?? null]);
    const before = flows.get(key)?.octets ?? 0;
    flows.set(key, {
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      octets: before + octets,
    });
  };
  for (const { from, to, octets } of pairs) {
    if (octets > 0) add(keptFrom.has(from) ? from : undefined, keptTo.has(to) ? to : undefined, octets);
  }
  if (total > known) add(undefined, undefined, total - known);
  const all = [...flows.values()];
  const left = barsOf(all.map(({ from, octets }) => ({ key: from, octets })));
  const right = barsOf(all.map(({ to, octets }) => ({ key: to, octets })));
  const scale = scaleOf(left, right, height, gap);
  for (const side of [left, right]) place(side, scale, height, gap);
  const at = (side: Bar[], key: string | undefined): Bar => side.find(bar => bar.key === key)!;
  const bands = all.map(({ from, to, octets }) => ({ from: at(left, from), to: at(right, to), octets }));
  return { left, right, bands: placeBands(bands, scale) };
}

/** The keys of one side that have most. */
function largest(pairs: readonly Pair[], side: 'from' | 'to', most: number): Set<string> {
  const sums = new Map<string, number>();
  for (const pair of pairs) sums.set(pair[side], (sums.get(pair[side]) ?? 0) + pair.octets);
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return new Set(sorted.slice(0, most).map(([key]) => key));
}

/** The groups of one side, the largest first, the others last. */
function barsOf(parts: readonly { key: string | undefined; octets: number }[]): Bar[] {
  const sums = new Map<string | undefined, number>();
  for (const { key, octets } of parts) sums.set(key, (sums.get(key) ?? 0) + octets);
  const bars = [...sums].map(([key, octets]) => ({ key, octets, top: 0, height: 0 }));
  return bars.sort((a, b) => Number(a.key === undefined) - Number(b.key === undefined) || b.octets - a.octets);
}

/** Height of an octet: such that the side with more groups fits. */
function scaleOf(left: readonly Bar[], right: readonly Bar[], height: number, gap: number): number {
  const octets = left.reduce((sum, bar) => sum + bar.octets, 0);
  const gaps = gap * (Math.max(left.length, right.length, 1) - 1);
  return octets > 0 ? Math.max(0, height - gaps) / octets : 0;
}

/** Puts the bars below each other, in the middle of the height. */
function place(bars: Bar[], scale: number, height: number, gap: number): void {
  for (const bar of bars) bar.height = Math.max(LEAST, bar.octets * scale);
  const needed = bars.reduce((sum, bar) => sum + bar.height, gap * (bars.length - 1));
  let top = Math.max(0, (height - needed) / 2);
  for (const bar of bars) {
    bar.top = top;
    top += bar.height + gap;
  }
}

/** Bands leave and reach a group in the order of the other side, so that they cross as little as can be. */
function placeBands(bands: readonly Pick<Band, 'from' | 'to' | 'octets'>[], scale: number): Band[] {
  const sorted = [...bands].sort((a, b) => a.from.top - b.from.top || a.to.top - b.to.top);
  const used = new Map<Bar, number>();
  const next = (bar: Bar, width: number): number => {
    const top = used.get(bar) ?? bar.top;
    used.set(bar, top + width);
    return top;
  };
  const placed = sorted.map(band => {
    const width = band.octets * scale;
    return { ...band, width, fromTop: next(band.from, width), toTop: 0 };
  });
  for (const band of [...placed].sort((a, b) => a.to.top - b.to.top || a.from.top - b.from.top)) {
    band.toTop = next(band.to, band.width);
  }
  return placed;
}

/** The outline of a band in SVG's words, from `x0` at the left to `x1` at the right. */
export function outline({ fromTop, toTop, width }: Band, x0: number, x1: number): string {
  const middle = (x0 + x1) / 2;
  const thick = Math.max(width, 0.75);
  const n = (value: number): string => value.toFixed(1);
  return [
    `M${n(x0)} ${n(fromTop)}C${n(middle)} ${n(fromTop)} ${n(middle)} ${n(toTop)} ${n(x1)} ${n(toTop)}`,
    `V${n(toTop + thick)}C${n(middle)} ${n(toTop + thick)} ${n(middle)} ${n(fromTop + thick)} ${n(x0)} ${n(fromTop + thick)}Z`,
  ].join('');
}
