import { isIP } from 'node:net';
import Type, { type Static } from 'typebox';
import type { HandSampling } from '../../collecting/meaning/sampling-by-hand.js';
import { WeirError } from '../../error.js';
import { checkNetwork } from '../address.js';

const LARGEST_INTERVAL = 2 ** 32 - 1;

const options = Type.Object({
  sampling: Type.Array(Type.String(), {
    description:
      'sampling of an exporter that does not tell it, as EXPORTER=N: one packet of N is metered; the exporter is its address, or a network of exporters, ADDRESS/LENGTH; may be given more than once; in the file also as keys and values; what an exporter tells itself holds',
    default: [],
    maxItems: 4096,
  }),
});

/** What is known of exporters. */
export const samplingOptions = options.properties;

export interface SamplingSettings {
  readonly sampling: readonly HandSampling[];
}

/** @throws WeirError */
export function samplingSettings(given: Static<typeof options>): SamplingSettings {
  return { sampling: given.sampling.map(parseSampling) };
}

/** An IPv4 address that an IPv6 socket saw is the IPv4 one here, too. */
function parseSampling(text: string): HandSampling {
  const [, exporter, interval] = /^\s*(?:::ffff:(?=\d+\.))?([^=\s]+)\s*=\s*(\d+)\s*$/i.exec(text) ?? [];
  if (exporter === undefined || !isInterval(Number(interval))) {
    throw new WeirError(
      `sampling: "${text}" is no sampling of an exporter: write EXPORTER=N, for example 192.0.2.1=1000, N from 1 to ${LARGEST_INTERVAL}`,
    );
  }
  const family = isIP(exporter);
  const network = family === 0 ? exporter : `${exporter}/${family === 4 ? 32 : 128}`;
  const [address, length] = checkNetwork(network, 'sampling').split('/') as [string, string];
  return { address, length: Number(length), interval: Number(interval) };
}

function isInterval(number: number): boolean {
  return number >= 1 && number <= LARGEST_INTERVAL;
}
