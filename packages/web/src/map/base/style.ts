import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { planUrl } from './plan.js';
import { vectorLayers } from './vector.js';

/** What lies below the mesh. */
export type BaseName = 'world' | 'tiles' | 'plan' | 'blank';

/** The user's own base map, as the collector has it. */
export interface Tiles {
  /** `style`: a style of MapLibre's or a TileJSON, which name their own tiles. */
  kind: 'raster' | 'vector' | 'pmtiles' | 'style';
  url: string;
}

/** A picture of a floor or a place, and where its edges are. */
export interface PlanImage {
  url: string;
  north: number;
  west: number;
  south: number;
  east: number;
}

export interface BaseColours {
  sea: string;
  land: string;
  border: string;
  text: string;
  halo: string;
  road: string;
  building: string;
}

export const BASE_COLOURS: Readonly<Record<'light' | 'dark', BaseColours>> = {
  light: {
    ...{ sea: '#dfe8ef', land: '#f8f8f5', border: '#b9c1c9', text: '#5c6975', halo: '#ffffff' },
    ...{ road: '#d3d3cc', building: '#ecebe5' },
  },
  dark: {
    ...{ sea: '#080d13', land: '#121a23', border: '#2f3d4b', text: '#7f90a2', halo: '#0b1118' },
    ...{ road: '#2b3947', building: '#19232e' },
  },
};

/** A style without anything but its background. */
function plain(background: string): StyleSpecification {
  return {
    version: 8,
    sources: {},
    layers: [{ id: 'back', type: 'background', paint: { 'background-color': background } }],
  };
}

/** Land, borders and places out of the pages themselves: nothing is asked of anyone else. */
export function worldStyle(colours: BaseColours, data: { land: string; places: string }): StyleSpecification {
  const style = plain(colours.sea);
  const geojson = (url: string): SourceSpecification => ({ type: 'geojson', data: url, tolerance: 0.2 });
  return {
    ...style,
    sources: { land: geojson(data.land), places: { ...geojson(data.places), maxzoom: 9 } as SourceSpecification },
    layers: [
      ...style.layers,
      {
        id: 'land',
        type: 'fill',
        source: 'land',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': colours.land },
      },
      {
        ...{ id: 'borders', type: 'line', source: 'land', filter: ['==', ['geometry-type'], 'LineString'] },
        paint: { 'line-color': colours.border, 'line-width': 1, 'line-dasharray': [3, 2] },
      } as LayerSpecification,
      placesLayer(colours),
    ],
  };
}

/** Names of towns: the larger, the earlier. `p` is the population, `n` the name. */
function placesLayer({ text, halo }: BaseColours): LayerSpecification {
  const least = ['step', ['zoom'], 5e6, 3, 1.5e6, 4, 6e5, 5, 2.5e5, 6, 1e5, 7, 4e4, 8, 2e4, 9, 0];
  return {
    id: 'places',
    type: 'symbol',
    source: 'places',
    filter: ['>=', ['get', 'p'], least] as never,
    layout: {
      'text-field': ['get', 'n'],
      'text-size': ['interpolate', ['linear'], ['get', 'p'], 10_000, 11, 1_000_000, 14, 10_000_000, 17],
      'text-font': ['sans-serif'],
      'symbol-sort-key': ['-', 0, ['get', 'p']],
      'text-padding': 6,
    },
    paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.4, 'text-opacity': 0.9 },
  };
}

function rasterStyle(colours: BaseColours, source: SourceSpecification, dark: boolean): StyleSpecification {
  const style = plain(colours.sea);
  // Bright tiles would outshine the mesh.
  const paint = dark ? { 'raster-brightness-max': 0.62, 'raster-saturation': -0.5 } : { 'raster-saturation': -0.35 };
  return {
    ...style,
    sources: { tiles: source },
    layers: [...style.layers, { id: 'tiles', type: 'raster', source: 'tiles', paint }],
  };
}

/** The last zoom level that servers usually have; nearer, its tiles are drawn larger. Archives and TileJSON tell theirs. */
const DEEPEST = { raster: 19, vector: 14 } as const;

/** The user's own tiles. `vector` is what they turned out to be. */
export function tilesStyle(tiles: Tiles, vector: boolean, colours: BaseColours, dark: boolean): StyleSpecification {
  const absolute = absoluteTiles(tiles.url, location.href);
  const from =
    tiles.kind === 'pmtiles'
      ? { url: `pmtiles://${absolute}` }
      : tiles.kind === 'style'
        ? { url: absolute }
        : { tiles: [absolute], maxzoom: vector ? DEEPEST.vector : DEEPEST.raster };
  if (!vector) return rasterStyle(colours, { type: 'raster', tileSize: 256, ...from }, dark);
  const style = plain(colours.land);
  return {
    ...style,
    sources: { tiles: { type: 'vector', ...from } },
    layers: [...style.layers, ...vectorLayers('tiles', colours)],
  };
}

/** A template relative to the page as a whole address; its braces stay. */
export function absoluteTiles(url: string, page: string): string {
  return new URL(url, page).href.replace(/%7B/gi, '{').replace(/%7D/gi, '}');
}

export function planStyle({ url, north, west, south, east }: PlanImage, colours: BaseColours): StyleSpecification {
  const style = plain(colours.land);
  return {
    ...style,
    sources: {
      plan: {
        type: 'image',
        url: planUrl(url),
        coordinates: [
          [west, north],
          [east, north],
          [east, south],
          [west, south],
        ],
      },
    },
    layers: [...style.layers, { id: 'plan', type: 'raster', source: 'plan' }],
  };
}

export function blankStyle(colours: BaseColours): StyleSpecification {
  return plain(colours.land);
}
