// A coast that does not exist, as tiles: land in the west, sea in the east, a road along a parallel, and a town at it.
import type { PlacedTile } from './pmtiles.js';
import { png, type Rgb } from './png.js';
import { EXTENT, type TileFeature, type TileLayers, vectorTile } from './vector-tile.js';

/** Degrees: the meridian of the coast, the parallel of the road, and the town, which is south of the road. */
export const COAST = {
  longitude: 8.82,
  road: 53.03,
  town: { name: 'HHHHHH', longitude: 8.81, latitude: 53.026 },
} as const;
/** What there are tiles of, and the last zoom level of them. */
const REGION = { west: 8.72, east: 8.92, north: 53.07, south: 52.99 } as const;
const DEEPEST = 14;
/** Colours of the pictures. */
export const PAINT: Readonly<Record<'land' | 'sea' | 'road', Rgb>> = {
  land: [60, 200, 60],
  sea: [60, 60, 220],
  road: [220, 40, 40],
};
/** Pixels of a picture's side, and of the road's width. */
const SIDE = 256;
const ROAD = 6;
/** Features reach beyond the edge of their tile, so that no seam is seen. */
const BEYOND = 64;

/** Names of layers and roads: those of OpenMapTiles, or of Protomaps. */
export type Vocabulary = 'openmaptiles' | 'protomaps';

const LAYERS = {
  openmaptiles: { water: 'water', road: 'transportation', town: 'place', tags: { class: 'primary' } },
  protomaps: { water: 'water', road: 'roads', town: 'places', tags: { kind: 'major_road' } },
} as const;

/** Across the world, from the west and from the north, 0 to 1 (EPSG:3857). */
function toWorld(longitude: number, latitude: number): readonly [number, number] {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return [longitude / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/** All tiles of the region. */
function everyTile(make: (place: Omit<PlacedTile, 'octets'>) => Buffer): PlacedTile[] {
  const tiles: PlacedTile[] = [];
  for (let z = 0; z <= DEEPEST; z++) {
    const [[left, top], [right, bottom]] = [toWorld(REGION.west, REGION.north), toWorld(REGION.east, REGION.south)];
    for (let x = Math.floor(left * 2 ** z); x <= Math.floor(right * 2 ** z); x++)
      for (let y = Math.floor(top * 2 ** z); y <= Math.floor(bottom * 2 ** z); y++)
        tiles.push({ z, x, y, octets: make({ z, x, y }) });
  }
  return tiles;
}

export function vectorTiles(vocabulary: Vocabulary): PlacedTile[] {
  return everyTile(place => vectorTile(layersOf(place, vocabulary)));
}

function layersOf({ z, x, y }: Omit<PlacedTile, 'octets'>, vocabulary: Vocabulary): TileLayers {
  const within = (longitude: number, latitude: number): [number, number] => {
    const [across, down] = toWorld(longitude, latitude);
    return [Math.round((across * 2 ** z - x) * EXTENT), Math.round((down * 2 ** z - y) * EXTENT)];
  };
  const [coast, road] = within(COAST.longitude, COAST.road);
  const [low, high] = [-BEYOND, EXTENT + BEYOND];
  const shore = Math.max(low, coast);
  const { water, road: roads, town: towns, tags } = LAYERS[vocabulary];
  const points = [
    [shore, low],
    [high, low],
    [high, high],
    [shore, high],
  ] as const;
  const sea: TileFeature = { kind: 'area', points, tags: {} };
  const way: TileFeature = {
    kind: 'line',
    points: [
      [low, road],
      [high, road],
    ],
    tags,
  };
  const { name, longitude, latitude } = COAST.town;
  const place = within(longitude, latitude);
  const town: TileFeature = { kind: 'point', points: [place], tags: { name } };
  return {
    ...(coast < high ? { [water]: [sea] } : {}),
    ...(road > low && road < high ? { [roads]: [way] } : {}),
    ...(place.every(value => value >= 0 && value < EXTENT) ? { [towns]: [town] } : {}),
  };
}

export function pictureTiles(): PlacedTile[] {
  return everyTile(({ z, x, y }) => {
    const [across, down] = toWorld(COAST.longitude, COAST.road);
    const [coast, road] = [(across * 2 ** z - x) * SIDE, (down * 2 ** z - y) * SIDE];
    return png(SIDE, (right, low) => {
      if (Math.abs(low + 0.5 - road) <= ROAD / 2) return PAINT.road;
      return right + 0.5 < coast ? PAINT.land : PAINT.sea;
    });
  });
}
