import { Networks } from './networks.js';
import type { Peer } from './peer.js';

/** Who may export: those of some networks, or, where none is named, all who reach the ports. */
export class AllowedExporters {
  readonly #networks = new Networks();
  readonly #all: boolean;
  /** Of the peers that were asked for: a receiver gives the same for the same sender. */
  readonly #known = new WeakMap<Peer, boolean>();

  /** @param networks in CIDR form */
  constructor(networks: readonly string[]) {
    this.#all = networks.length === 0;
    for (const network of networks) {
      const [address, length] = network.split('/') as [string, string];
      this.#networks.add(address, Number(length));
    }
  }

  admits(peer: Peer): boolean {
    if (this.#all) return true;
    const known = this.#known.get(peer);
    if (known !== undefined) return known;
    const admitted = this.#networks.has(peer);
    this.#known.set(peer, admitted);
    return admitted;
  }
}
