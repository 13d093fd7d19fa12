import { BlockList } from 'node:net';
import type { Peer } from './peer.js';

/** Who may export: those of some networks, or, where none is named, all who reach the ports. */
export class AllowedExporters {
  readonly #networks = new BlockList();
  readonly #all: boolean;
  /** Of the peers that were asked for: a receiver gives the same for the same sender. */
  readonly #known = new WeakMap<Peer, boolean>();

  /** @param networks in CIDR form; one of IPv4 also means its addresses that come mapped into IPv6 */
  constructor(networks: readonly string[]) {
    this.#all = networks.length === 0;
    for (const network of networks) {
      const [address, length] = network.split('/') as [string, string];
      this.#networks.addSubnet(address, Number(length), familyOf(address));
    }
  }

  admits(peer: Peer): boolean {
    if (this.#all) return true;
    const known = this.#known.get(peer);
    if (known !== undefined) return known;
    const admitted = this.#networks.check(peer.address, familyOf(peer.address));
    this.#known.set(peer, admitted);
    return admitted;
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}
