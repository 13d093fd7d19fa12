import type { LayerSpecification } from 'maplibre-gl';
import type { BaseColours } from './style.js';

/** What layers of vector tiles hold, by the names that OpenMapTiles, Protomaps and Shortbread give them. */
const AREAS = {
  sea: ['water', 'ocean', 'water_polygons'],
  building: ['building', 'buildings'],
} as const;
const LINES = {
  sea: ['waterway', 'water_lines'],
  road: ['transportation', 'roads', 'streets'],
  border: ['boundary', 'boundaries'],
} as const;
const NAMES = ['place', 'places', 'place_labels'] as const;

/** What the three call the roads that matter from far away; rails, paths and small streets are narrower. */
const MAIN = ['motorway', 'trunk', 'primary', 'secondary', 'highway', 'major_road'];
const NARROW = 0.5;

/** Pixels, by the zoom level. */
function widthOf(what: string): unknown {
  const share = ['match', ['coalesce', ['get', 'class'], ['get', 'kind'], ''], MAIN, 1, NARROW];
  const at = (pixels: number): unknown => (what === 'road' ? ['*', pixels, share] : pixels);
  return ['interpolate', ['exponential', 1.5], ['zoom'], 8, at(0.7), 14, at(2.5), 18, at(10)];
}

/** A quiet style for vector tiles of any of the three common kinds: a layer that the tiles have not got draws nothing. */
export function vectorLayers(source: string, colours: BaseColours): LayerSpecification[] {
  const of = <T>(
    groups: Readonly<Record<string, readonly string[]>>,
    make: (name: string, colour: string, what: string) => T,
  ): T[] =>
    Object.entries(groups).flatMap(([what, names]) =>
      names.map(name => make(name, colours[what as keyof BaseColours], what)),
    );
  const areas = of(AREAS, (name, colour) => ({
    ...{ id: `area-${name}`, type: 'fill', source, 'source-layer': name },
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': colour },
  }));
  const lines = of(LINES, (name, colour, what) => ({
    ...{ id: `line-${name}`, type: 'line', source, 'source-layer': name },
    filter: ['==', ['geometry-type'], 'LineString'],
    paint: { 'line-color': colour, 'line-width': widthOf(what) },
  }));
  const names = NAMES.map(name => ({
    ...{ id: `name-${name}`, type: 'symbol', source, 'source-layer': name },
    layout: { 'text-field': ['get', 'name'], 'text-size': 12, 'text-font': ['sans-serif'], 'text-padding': 8 },
    paint: { 'text-color': colours.text, 'text-halo-color': colours.halo, 'text-halo-width': 1.3 },
  }));
  return [...areas, ...lines, ...names] as LayerSpecification[];
}
