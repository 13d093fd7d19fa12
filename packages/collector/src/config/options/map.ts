import { resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';

const options = Type.Object({
  'public-map': Type.Boolean({
    description:
      'whether the map is shown without login, and may be embedded in other pages: without addresses and detail of clients, with small numbers rounded',
    default: false,
  }),
  'map-clients': Type.Boolean({
    description: 'whether addresses of clients are kept in the history of the mesh and shown at its nodes',
    default: false,
  }),
  'map-tiles': Type.Optional(
    Type.String({
      description:
        'base map: the address of tiles, with {z}, {x} and {y} (.pbf or .mvt: vector tiles), of a .pmtiles file here or elsewhere, or of a MapLibre style or TileJSON (.json); pages then ask that server. Default: the base map that comes along, which asks nobody',
      minLength: 1,
      maxLength: 2000,
    }),
  ),
  'map-attribution': Type.Optional(
    Type.String({ description: 'whom the base map is by, as text: shown on the map', maxLength: 500 }),
  ),
  'map-image': Type.Optional(
    Type.String({
      description:
        'picture as base map, such as a plan of a floor, FILE=NORTH,WEST,SOUTH,EAST: its edges in degrees; PNG, JPEG, WebP or SVG',
      minLength: 1,
    }),
  ),
});

/** How the map looks, and who sees it. */
export const mapOptions = options.properties;

export interface MapTiles {
  readonly kind: 'raster' | 'vector' | 'pmtiles' | 'style';
  /** Undefined where they are a file here. */
  readonly url?: string;
  /** Path of a .pmtiles file. */
  readonly file?: string;
}

/** A picture and its edges in degrees. */
export interface MapImage {
  readonly file: string;
  readonly type: string;
  readonly north: number;
  readonly west: number;
  readonly south: number;
  readonly east: number;
}

export interface MapSettings {
  readonly publicMap: boolean;
  readonly mapClients: boolean;
  readonly mapTiles?: MapTiles;
  readonly mapAttribution?: string;
  readonly mapImage?: MapImage;
}

/** @throws WeirError */
export function mapSettings(given: Static<typeof options>): MapSettings {
  const attribution = given['map-attribution'];
  const [tiles, image] = [given['map-tiles'], given['map-image']];
  return {
    publicMap: given['public-map'],
    mapClients: given['map-clients'],
    ...(tiles === undefined ? {} : { mapTiles: tilesOf(tiles) }),
    ...(attribution === undefined ? {} : { mapAttribution: attribution }),
    ...(image === undefined ? {} : { mapImage: imageOf(image) }),
  };
}

function tilesOf(text: string): MapTiles {
  const isUrl = /^https?:\/\//i.test(text);
  if (!isUrl && /\.pmtiles$/i.test(text)) return { kind: 'pmtiles', file: resolve(text) };
  // What goes into the policy of the pages must be an origin and nothing else.
  if (isUrl && URL.canParse(text.replaceAll(/[{}]/g, ''))) {
    if (/\.pmtiles(\?|$)/i.test(text)) return { kind: 'pmtiles', url: text };
    if (/\.json(\?|$)/i.test(text)) return { kind: 'style', url: text };
    if (['{z}', '{x}', '{y}'].every(part => text.includes(part)) && !/[{}]/.test(originPart(text)))
      return { kind: /\.(pbf|mvt)(\?|$)/i.test(text) ? 'vector' : 'raster', url: text };
  }
  throw new WeirError(
    `map-tiles: "${text}" is no base map; write https://HOST/.../{z}/{x}/{y}.png, the same with .pbf for vector tiles, a .pmtiles file or its https:// address, or that of a style or TileJSON (.json)`,
  );
}

function originPart(url: string): string {
  return /^https?:\/\/[^/]*/i.exec(url)![0];
}

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  svg: 'image/svg+xml',
};

function imageOf(text: string): MapImage {
  const [, file, edges] = /^(.+)=([^=]+)$/s.exec(text) ?? [];
  const [north, west, south, east, ...rest] = (edges ?? '')
    .split(',')
    .map(each => (each.trim() === '' ? Number.NaN : Number(each)));
  const type = types[/\.(\w+)$/.exec(file ?? '')?.[1]?.toLowerCase() ?? ''];
  const isArea = [north, west, south, east].every(Number.isFinite) && rest.length === 0;
  if (type === undefined || !isArea || !fits(north!, west!, south!, east!)) {
    throw new WeirError(
      `map-image: "${text}" is no picture with its edges; write FILE=NORTH,WEST,SOUTH,EAST in degrees, for example plan.png=53.08,8.80,53.07,8.82; the file ends in ${Object.keys(types).join(', ')}`,
    );
  }
  return { file: resolve(file!), type, north: north!, west: west!, south: south!, east: east! };
}

function fits(north: number, west: number, south: number, east: number): boolean {
  return north <= 90 && south >= -90 && south < north && west >= -180 && east <= 180 && west < east;
}
