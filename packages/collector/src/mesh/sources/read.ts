import { type Content, explained } from './content.js';
import { freimapPlaces } from './freimap-config.js';
import { formatPlace, type TopologyPlace } from './place.js';
import { readFiles } from './read-file.js';
import { readHttp } from './read-http.js';
import { readTcp } from './read-tcp.js';

const LONGEST_CONFIGURATION = 100_000;

/**
 * Reads a place. Where it is known that nothing has changed, it is `before` itself.
 * @throws WeirError
 */
export async function readPlace(
  place: TopologyPlace,
  before: Content | undefined,
  signal: AbortSignal,
): Promise<Content> {
  try {
    if (place.kind === 'file') return await readConfigured(place.path, await readFiles(place.path, before), signal);
    return place.kind === 'http' ? await readHttp(place, before, signal) : await readTcp(place, before, signal);
  } catch (error) {
    throw explained(formatPlace(place), error);
  }
}

/** A configuration of freimap stands for what it names. Only files may: what comes from elsewhere is not to choose what is read here. */
async function readConfigured(path: string, content: Content, signal: AbortSignal): Promise<Content> {
  const [only] = content.octets;
  if (content.isDirectory || only === undefined || only.length > LONGEST_CONFIGURATION) return content;
  const places = freimapPlaces(new TextDecoder().decode(only), path);
  if (places === undefined) return content;
  const octets: Uint8Array[] = [];
  for (const place of places) {
    if (place.kind === 'file') octets.push(...(await readFiles(place.path, undefined)).octets);
    else octets.push(...(await readPlace(place, undefined, signal)).octets);
  }
  return { octets };
}

/** Where graph.json is, which goes with a nodes.json; undefined for what is none. */
export function graphBeside(place: TopologyPlace): TopologyPlace | undefined {
  if (place.kind === 'tcp') return undefined;
  const [from, to] = [/(^|\/)nodes\.json(?=$|[?#])/, '$1graph.json'];
  if (place.kind === 'file')
    return from.test(place.path) ? { ...place, path: place.path.replace(from, to) } : undefined;
  return from.test(place.url) ? { ...place, url: place.url.replace(from, to) } : undefined;
}
