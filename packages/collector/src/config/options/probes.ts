import { resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import { type HostPort, isLoopback, parseHostPort } from '../address.js';

const options = Type.Object({
  probe: Type.Array(Type.String(), {
    description:
      'probe to set up from the pages, NAME=URL: the URL that it serves its setup on (its option control), unix:PATH, http://HOST:PORT?token-file=FILE on loopback, or https://HOST:PORT?token-file=FILE with ca=FILE and name=NAME of its certificate where they are others. May be repeated',
    default: [],
  }),
});

/** Which probes can be set up from here. */
export const probeOptions = options.properties;

/** Where a probe serves its setup. */
export type ProbePlace =
  | { readonly kind: 'unix'; readonly path: string }
  | ({ readonly kind: 'http'; readonly tokenFile: string } & HostPort)
  | ({
      readonly kind: 'https';
      readonly tokenFile: string;
      readonly ca?: string;
      /** The name that its certificate must have, where it is not the host. */
      readonly name?: string;
    } & HostPort);

export interface ProbeAddress {
  readonly name: string;
  readonly place: ProbePlace;
}

export interface ProbeSettings {
  readonly probes: readonly ProbeAddress[];
}

const KNOWN = { http: ['token-file'], https: ['token-file', 'ca', 'name'] } as const;
const FORM = 'NAME=unix:PATH, NAME=http://HOST:PORT?token-file=FILE or NAME=https://HOST:PORT?token-file=FILE&ca=FILE';

/** @throws WeirError */
export function probeSettings({ probe }: Static<typeof options>): ProbeSettings {
  const probes = probe.map(parseProbe);
  const twice = probes.find(({ name }, i) => probes.findIndex(other => other.name === name) < i);
  if (twice !== undefined) throw new WeirError(`probe: "${twice.name}" is the name of two; give each its own`);
  return { probes };
}

function parseProbe(text: string): ProbeAddress {
  const match = /^([\w.-]{1,64})=(.+)$/.exec(text);
  if (match === null) throw new WeirError(`probe: "${text}" is no name and address; write ${FORM}`);
  const [, name, url] = match as unknown as [string, string, string];
  if (url.startsWith('unix:')) return { name, place: { kind: 'unix', path: resolve(url.slice('unix:'.length)) } };
  return { name, place: overHttp(text, url) };
}

function overHttp(text: string, url: string): ProbePlace {
  const [, scheme, authority = '', query = ''] = /^(https?):\/\/([^/?]+)\/?(?:\?(.*))?$/.exec(url) ?? [];
  if (scheme !== 'http' && scheme !== 'https') throw new WeirError(`probe: "${text}" is no address; write ${FORM}`);
  const given = new URLSearchParams(query);
  const unknown = [...given.keys()].find(key => !(KNOWN[scheme] as readonly string[]).includes(key));
  if (unknown !== undefined) throw new WeirError(`probe: "${text}": there is no parameter "${unknown}"; write ${FORM}`);
  const tokenFile = given.get('token-file');
  if (!tokenFile) throw new WeirError(`probe: "${text}" needs the probe's token; write ${FORM}`);
  const at = { ...parseHostPort(authority, 'probe'), tokenFile: resolve(tokenFile) };
  if (scheme === 'http') {
    if (isLoopback(at.host)) return { kind: 'http', ...at };
    throw new WeirError(`probe: "${text}": beyond this machine the token would be read on the way; use https://`);
  }
  const [ca, name] = [given.get('ca'), given.get('name')];
  return { kind: 'https', ...at, ...(ca ? { ca: resolve(ca) } : {}), ...(name ? { name } : {}) };
}
