import { dirname, resolve } from 'node:path';
import { WeirError } from '../../error.js';
import { parseTopologyPlaces, type TopologyPlace } from './place.js';

/** Its data sources that tell of a topology, by the last word of their class; the others are of databases and of flows. */
const SOURCES = new Set(['FreifunkMapDataSource', 'LatLonJsDataSource', 'OlsrdDataSource']);
/** Of olsrd's dot_draw plugin. */
const DOT_PORT = 2004;

const LINE = /^( *)([\w.-]+):(?: +(.*))?$/;

/**
 * Where freimap's config.yaml takes its topology from: the places of its data sources, files beside the configuration. Of YAML it takes what freimap's
 * own example uses: blocks by indentation, plain and quoted values.
 * @returns undefined where it is no such configuration
 * @throws WeirError where none of its data sources can be read
 */
export function freimapPlaces(text: string, path: string): TopologyPlace[] | undefined {
  if (!/^datasources:\s*$/m.test(text)) return undefined;
  const sources = dataSources(text).filter(source => SOURCES.has(source.get('class')?.split('.').at(-1) ?? ''));
  const places = sources.flatMap(source => placeOf(source, dirname(path)));
  if (places.length > 0) return places;
  throw new WeirError(
    `${path} is a configuration of freimap without a data source that Weir reads: it reads ${[...SOURCES].join(', ')}`,
  );
}

/** The settings of each entry under `datasources`. */
function dataSources(text: string): Map<string, string>[] {
  const found: Map<string, string>[] = [];
  let within = false;
  let depth = 0;
  for (const line of text.split('\n')) {
    const [, indent, key, value] = LINE.exec(line.replace(/(?:^| )#.*$/, '').trimEnd()) ?? [];
    if (key === undefined) continue;
    if (indent === '') {
      within = key === 'datasources';
      depth = 0;
    } else if (within) {
      depth ||= indent!.length;
      if (indent!.length === depth) found.push(new Map());
      else found.at(-1)?.set(key, unquoted(value ?? ''));
    }
  }
  return found;
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

function placeOf(source: ReadonlyMap<string, string>, directory: string): TopologyPlace[] {
  const [url, host] = [source.get('url'), source.get('host')];
  if (url)
    return parseTopologyPlaces(url).map(place =>
      place.kind === 'file' ? { ...place, path: resolve(directory, place.path) } : place,
    );
  return host ? [{ kind: 'tcp', host, port: Number(source.get('port')) || DOT_PORT, send: '' }] : [];
}
