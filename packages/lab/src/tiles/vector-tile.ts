import { numberField, octetsField, varints } from './protobuf.js';

/** Steps that the side of a tile is divided into. */
export const EXTENT = 4096;

/** A point, a line, or a ring that goes clockwise and is not closed; in steps of the tile, to the right and down. */
export interface TileFeature {
  readonly kind: 'point' | 'line' | 'area';
  readonly points: readonly (readonly [number, number])[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Features by the name of their layer. */
export type TileLayers = Readonly<Record<string, readonly TileFeature[]>>;

const KINDS = { point: 1, line: 2, area: 3 } as const;
const MOVE = 1;
const LINE = 2;
const CLOSE = 7;

/** A Mapbox Vector Tile, version 2 (https://github.com/mapbox/vector-tile-spec/tree/master/2.1). */
export function vectorTile(layers: TileLayers): Buffer {
  const parts = Object.entries(layers).map(([name, features]) => octetsField(3, layer(name, features)));
  return Buffer.concat(parts);
}

function layer(name: string, features: readonly TileFeature[]): Buffer {
  const known = features.map(({ tags }) => tags);
  const [keys, values] = [known.flatMap(Object.keys), known.flatMap(Object.values)];
  return Buffer.concat([
    numberField(15, 2),
    octetsField(1, name),
    ...features.map(each => octetsField(2, feature(each, keys, values))),
    ...keys.map(each => octetsField(3, each)),
    ...values.map(each => octetsField(4, octetsField(1, each))),
    numberField(5, EXTENT),
  ]);
}

function feature({ kind, points, tags }: TileFeature, keys: readonly string[], values: readonly string[]): Buffer {
  return Buffer.concat([
    octetsField(2, varints(Object.entries(tags).flatMap(([key, value]) => [keys.indexOf(key), values.indexOf(value)]))),
    numberField(3, KINDS[kind]),
    octetsField(4, varints(geometry(kind, points))),
  ]);
}

/** Section 4.3: commands, and steps from one point to the next. */
function geometry(kind: TileFeature['kind'], points: TileFeature['points']): number[] {
  const steps = points.map(([x, y], i) => [x - (points[i - 1]?.[0] ?? 0), y - (points[i - 1]?.[1] ?? 0)].map(zigzag));
  const begin = [MOVE | (1 << 3), ...steps[0]!];
  if (kind === 'point') return begin;
  const way = [...begin, LINE | ((steps.length - 1) << 3), ...steps.slice(1).flat()];
  return kind === 'area' ? [...way, CLOSE | (1 << 3)] : way;
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);
