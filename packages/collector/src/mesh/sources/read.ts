import { type Content, explained } from './content.js';
import { formatPlace, type TopologyPlace } from './place.js';
import { readFiles } from './read-file.js';
import { readHttp } from './read-http.js';
import { readTcp } from './read-tcp.js';

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
    if (place.kind === 'file') return await readFiles(place.path, before);
    return place.kind === 'http' ? await readHttp(place, before, signal) : await readTcp(place, before, signal);
  } catch (error) {
    throw explained(formatPlace(place), error);
  }
}

/** Where graph.json is, which goes with a nodes.json; undefined for what is none. */
export function graphBeside(place: TopologyPlace): TopologyPlace | undefined {
  if (place.kind === 'tcp') return undefined;
  const [from, to] = [/(^|\/)nodes\.json(?=$|[?#])/, '$1graph.json'];
  if (place.kind === 'file')
    return from.test(place.path) ? { ...place, path: place.path.replace(from, to) } : undefined;
  return from.test(place.url) ? { ...place, url: place.url.replace(from, to) } : undefined;
}
