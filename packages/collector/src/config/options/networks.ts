import Type, { type Static } from 'typebox';
import { checkNetwork } from '../address.js';

/** The networks that count as local where nothing else is said: RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, loopback. */
const defaultLocalNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
];

const options = Type.Object({
  'local-networks': Type.Array(Type.String(), {
    description:
      'networks, as CIDR, that traffic "in" goes towards; plots of what was summed up before a change keep the networks of then; default: private, link-local and loopback ones',
    default: [...defaultLocalNetworks],
    maxItems: 1024,
  }),
});

/** What is known of networks. */
export const networkOptions = options.properties;

export interface NetworkSettings {
  readonly localNetworks: readonly string[];
}

/** @throws WeirError */
export function networkSettings(given: Static<typeof options>): NetworkSettings {
  return { localNetworks: given['local-networks'].map(network => checkNetwork(network, 'local-networks')) };
}
