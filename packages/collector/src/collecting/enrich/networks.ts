import type { AddressSegments, Point, Segments } from './segments.js';

/** A network that has a name. */
export interface NamedNetwork {
  readonly name: string;
  /** The first address. */
  readonly start: Point;
  /** Behind the last address. */
  readonly end: Point;
}

interface Numbered<P extends Point> {
  readonly start: P;
  readonly end: P;
  readonly value: number;
}

/**
 * What networks say of their addresses: of those that are in several, the smallest does.
 * @param numberOf the number that stands for a name.
 */
export function addNetworks(
  networks: readonly NamedNetwork[],
  into: AddressSegments,
  numberOf: (name: string) => number,
): void {
  const v4: Numbered<number>[] = [];
  const v6: Numbered<bigint>[] = [];
  for (const { name, start, end } of networks) {
    const value = numberOf(name);
    if (typeof start === 'number') v4.push({ start, end: end as number, value });
    else v6.push({ start, end: end as bigint, value });
  }
  addNested(v4, into.v4);
  addNested(v6, into.v6);
}

/** Prefixes lie within each other or apart. */
function addNested<P extends Point>(networks: Numbered<P>[], into: Segments<P>): void {
  networks.sort((a, b) =>
    a.start < b.start ? -1 : a.start > b.start ? 1 : a.end > b.end ? -1 : a.end < b.end ? 1 : 0,
  );
  /** Those that the place reached lies in, the smallest last. */
  const open: Numbered<P>[] = [];
  let at: P | undefined;
  const goTo = (point: P | undefined) => {
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      const end = point !== undefined && point < last.end ? point : last.end;
      if (at! < end) into.add(at!, end, last.value);
      at = end;
      if (end !== last.end) return;
      open.pop();
    }
  };
  for (const network of networks) {
    goTo(network.start);
    at = network.start;
    open.push(network);
  }
  goTo(undefined);
}
