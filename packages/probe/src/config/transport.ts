import { WeirError } from '../error.js';
import { parseAddress } from '../routing/address-text.js';
import { problemOfPattern } from '../sending/file-name.js';

/** A collector's address as configured. */
export type Target =
  | {
      readonly kind: 'udp';
      readonly host: string;
      readonly port: number;
      /** Of the export protocol: IPFIX, NetFlow v9, NetFlow v5. */
      readonly version: 10 | 9 | 5;
      readonly source?: string;
      /** Octets of the largest IP packet. */
      readonly mtu?: number;
    }
  | { readonly kind: 'tcp' | 'sctp'; readonly host: string; readonly port: number; readonly source?: string }
  | {
      readonly kind: 'tls';
      readonly host: string;
      readonly port: number;
      readonly source?: string;
      /** Files: authorities to trust, own certificate and its key. */
      readonly ca?: string;
      readonly cert?: string;
      readonly key?: string;
      /** The name that the collector's certificate must have, where it is not the host. */
      readonly name?: string;
      /** The oldest version that is spoken. */
      readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
    }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly rotateSeconds?: number;
      readonly rotateOctets?: number;
    };

const FORMS =
  'udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT, sctp://HOST:PORT, file:PATH, or udp://HOST:PORT?version=9 (or 5) for NetFlow';
const IPFIX_PORT = 4739;
const IPFIX_TLS_PORT = 4740;
/** Not assigned, but where collectors of NetFlow are expected. */
const NETFLOW_PORT = 2055;
const PARAMETERS = {
  udp: ['version', 'source', 'mtu'],
  tcp: ['source'],
  sctp: ['source'],
  tls: ['source', 'ca', 'cert', 'key', 'name', 'tls'],
  file: ['rotate', 'rotate-octets'],
} as const;
/** IPv4's smallest largest packet (RFC 791), and the largest. */
const MTU = [576, 65_535] as const;

/** Parses the URL of a transport. @throws WeirError saying what is wrong and what is possible */
export function parseTransport(text: string): Target {
  const fail = (what: string): never => {
    throw new WeirError(`collector "${text}": ${what}`);
  };
  const [address, query] = splitQuery(text);
  if (address.startsWith('file:')) return parseFile(address, parameters('file', query, fail), fail);
  const match = /^(\w+):\/\/(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+)(?::(\d+))?\/?$/.exec(address);
  if (match === null) throw new WeirError(`collector "${text}" is not a transport URL: write ${FORMS}`);
  const [, scheme, host, port] = match;
  if (scheme !== 'udp' && scheme !== 'tcp' && scheme !== 'tls' && scheme !== 'sctp')
    return fail(`${unavailable(scheme)}: write ${FORMS}`);
  const given = parameters(scheme, query, fail);
  const version = integer(given, 'version', [5, 10], fail) ?? 10;
  if (version !== 10 && version !== 9 && version !== 5) return fail('the version must be 10 (IPFIX), 9 or 5 (NetFlow)');
  const standard = scheme === 'tls' ? IPFIX_TLS_PORT : version === 10 ? IPFIX_PORT : NETFLOW_PORT;
  const number = port === undefined ? standard : Number(port);
  if (number < 1 || number > 65_535) fail('the port must be from 1 to 65535');
  const place = { host: host.replace(/^\[|\]$/g, ''), port: number, ...sourceOf(given, fail) };
  if (scheme === 'tcp' || scheme === 'sctp') return { kind: scheme, ...place };
  if (scheme === 'tls') return { kind: 'tls', ...place, ...tlsOf(given, fail) };
  const mtu = integer(given, 'mtu', MTU, fail);
  return { kind: 'udp', ...place, version, ...(mtu === undefined ? {} : { mtu }) };
}

type TlsTarget = Extract<Target, { kind: 'tls' }>;
type Fail = (what: string) => never;
type Given = ReadonlyMap<string, string>;

function splitQuery(text: string): [string, string | undefined] {
  const at = text.indexOf('?');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function unavailable(scheme: string): string {
  if (scheme === 'dtls') return `this version does not export over ${scheme}://`;
  return `"${scheme}://" is no transport`;
}

function parameters(scheme: keyof typeof PARAMETERS, query: string | undefined, fail: Fail): Given {
  const known: readonly string[] = PARAMETERS[scheme];
  const given = new Map<string, string>();
  for (const part of query?.split('&') ?? []) {
    const [name, ...rest] = part.split('=');
    const value = rest.join('=');
    if (!known.includes(name)) fail(`"${name}" is no parameter of ${scheme}: there are ${known.join(', ')}`);
    if (value === '') fail(`"${name}" has no value: write ${name}=VALUE`);
    given.set(name, value);
  }
  return given;
}

function integer(given: Given, name: string, [least, most]: readonly [number, number], fail: Fail): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) fail(`"${name}" must be a whole number from ${least} to ${most}`);
  return value;
}

function sourceOf(given: Given, fail: Fail): { source?: string } {
  const source = given.get('source');
  if (source === undefined) return {};
  if (parseAddress(source, new Uint32Array(4)) === 0) fail('"source" must be an IP address of this host');
  return { source };
}

function tlsOf(given: Given, fail: Fail): Omit<TlsTarget, 'kind' | 'host' | 'port' | 'source'> {
  if (given.has('cert') !== given.has('key')) fail('"cert" and "key" go together: give both, or neither');
  const oldest = given.get('tls') ?? '1.3';
  if (oldest !== '1.2' && oldest !== '1.3')
    return fail('"tls" is the oldest version of TLS that is spoken: write tls=1.3 or tls=1.2');
  const texts = Object.fromEntries([...given].filter(([name]) => name !== 'source' && name !== 'tls'));
  return { ...texts, minVersion: `TLSv${oldest}` };
}

function parseFile(address: string, given: Given, fail: Fail): Target {
  const path = address.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '') fail('it names no file: write file:PATH, or file:- for standard output');
  const rotateSeconds = integer(given, 'rotate', [1, 31_622_400], fail);
  const rotateOctets = integer(given, 'rotate-octets', [65_536, Number.MAX_SAFE_INTEGER], fail);
  if (given.size === 0) return { kind: 'file', path };
  if (path === '-') fail('standard output cannot be rotated');
  const problem = problemOfPattern(path);
  if (problem !== undefined)
    fail(`${problem}: write a time into a name that is rotated, such as flows-%Y%m%d-%H%M%S.ipfix`);
  return {
    kind: 'file',
    path,
    ...(rotateSeconds === undefined ? {} : { rotateSeconds }),
    ...(rotateOctets === undefined ? {} : { rotateOctets }),
  };
}
