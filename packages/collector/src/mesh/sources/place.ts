import { WeirError } from '../../error.js';

/** Where one part of a topology is read from. */
export type TopologyPlace =
  /** A file, or a directory whose files belong together. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'http'; readonly url: string; readonly authorization?: string }
  /** `send` is what is said after connecting; undefined: the questions that are known are asked in turn. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly send?: string };

/** A topology to watch. */
export interface TopologyAddress {
  readonly name: string;
  /** Most have one; more are parts of one topology, such as nodes.json and graph.json. */
  readonly places: readonly TopologyPlace[];
}

const FORMS =
  'PATH, file:PATH, http://..., https://... or tcp://HOST:PORT?send=TEXT, several of them with a comma between';
/** A comma or space that another place follows: paths and URLs may have commas of their own. */
const BETWEEN = /[\s,]+(?=(?:file|https?|tcp):|\.{0,2}\/)/;

/**
 * Reads where a topology is from: what stands behind the `=` of NAME=URL.
 * @throws WeirError
 */
export function parseTopologyPlaces(text: string): TopologyPlace[] {
  const parts = text.trim().split(BETWEEN);
  return parts.filter((part, i) => part !== '' || i === 0).map(parsePlace);
}

function parsePlace(text: string): TopologyPlace {
  if (/^https?:/i.test(text)) return httpPlace(text);
  if (/^tcp:/i.test(text)) return tcpPlace(text);
  const path = text.replace(/^file:(?:\/\/(?=\/))?/i, '');
  if (path === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || path.includes('\0')) throw refused(text);
  return { kind: 'file', path };
}

function httpPlace(text: string): TopologyPlace {
  const url = parseUrl(text);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { kind: 'http', url: url.href, ...(username || password ? { authorization } : {}) };
}

function tcpPlace(text: string): TopologyPlace {
  const url = parseUrl(text);
  const port = Number(url.port);
  const others = [...url.searchParams.keys()].filter(key => key !== 'send');
  if (!port || (url.pathname !== '' && url.pathname !== '/') || others.length > 0) throw refused(text);
  const send = url.searchParams.get('send')?.replaceAll('\\n', '\n');
  return { kind: 'tcp', host: url.hostname.replace(/^\[|\]$/g, ''), port, ...(send === undefined ? {} : { send }) };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) throw refused(text);
  return url;
}

function refused(text: string): WeirError {
  return new WeirError(`topology: "${text}" is no place to read a topology from: write ${FORMS}`);
}

/** A place as people wrote it, without what is secret in it. */
export function formatPlace(place: TopologyPlace): string {
  if (place.kind === 'file') return place.path;
  if (place.kind === 'http') return place.url;
  return `tcp://${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
}
