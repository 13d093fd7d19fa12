import { FilterError, parseFilter } from '@weir/flow';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import { filterSql, Parameters } from '../../flow/filter-sql.js';
import { type HostPort, parseHostPort } from '../address.js';

const options = Type.Object({
  forward: Type.Array(Type.String(), {
    description:
      'collector that Flow Records are forwarded to as IPFIX: udp://HOST[:PORT] or tcp://HOST[:PORT]; may be given more than once',
    default: [],
    maxItems: 8,
  }),
  'forward-filter': Type.String({ description: 'only Flow Records that fit are forwarded; default all', default: '' }),
  'forward-domain': Type.Integer({
    description: 'Observation Domain of what is forwarded',
    default: 1,
    minimum: 0,
    maximum: 4_294_967_295,
  }),
});

/** Where Flow Records are forwarded to. */
export const forwardingOptions = options.properties;

export interface ForwardAddress extends HostPort {
  readonly scheme: 'udp' | 'tcp';
  readonly url: string;
}

export interface ForwardingSettings {
  readonly forward: readonly ForwardAddress[];
  readonly forwardFilter: string;
  readonly forwardDomain: number;
}

/** @throws WeirError */
export function forwardingSettings(given: Static<typeof options>): ForwardingSettings {
  const filter = given['forward-filter'];
  try {
    if (filter.trim() !== '') filterSql(parseFilter(filter), new Parameters());
  } catch (error) {
    if (error instanceof FilterError) throw new WeirError(`forward-filter: ${error.message}`);
    throw error;
  }
  return { forward: given.forward.map(parseForward), forwardFilter: filter, forwardDomain: given['forward-domain'] };
}

function parseForward(url: string): ForwardAddress {
  const [, scheme, authority] = /^(udp|tcp):\/\/([^?/]+)\/?$/.exec(url) ?? [];
  if (scheme === undefined) {
    throw new WeirError(`forward: "${url}" is no collector to forward to; write udp://HOST:PORT or tcp://HOST:PORT`);
  }
  return { scheme: scheme as 'udp' | 'tcp', url, ...parseHostPort(authority!, 'forward', 4739) };
}
