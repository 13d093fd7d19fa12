import { Networks } from '../networks.js';
import type { Peer } from '../peer.js';

/** What is known of the sampling of exporters that do not tell. */
export interface HandSampling {
  readonly address: string;
  /** Bits of the prefix that the exporters' addresses have in common. */
  readonly length: number;
  /** One packet of so many is metered. */
  readonly interval: number;
}

/**
 * Sampling intervals by the exporter's address; of prefixes within each other the longest holds. They stand in for what an exporter
 * does not say, and do not contradict one that does, as with nfcapd's -s and Akvorado's default-sampling-rate: the exporter's own
 * number changes when its configuration does, this one is forgotten.
 */
export class SamplingByHand {
  readonly #prefixes: readonly { readonly interval: number; readonly network: Networks }[];
  /** By Transport Session. */
  readonly #found = new WeakMap<Peer, number>();

  constructor(given: readonly HandSampling[] = []) {
    this.#prefixes = [...given]
      .sort((a, b) => b.length - a.length)
      .map(({ address, length, interval }) => ({ interval, network: new Networks().add(address, length) }));
  }

  /** The interval of an exporter; 1 where nothing is known of it. */
  of(peer: Peer): number {
    if (this.#prefixes.length === 0) return 1;
    let interval = this.#found.get(peer);
    if (interval === undefined) {
      interval = this.#prefixes.find(({ network }) => network.has(peer))?.interval ?? 1;
      this.#found.set(peer, interval);
    }
    return interval;
  }
}
