import { BlockList, isIP } from 'node:net';
import type { Peer } from './peer.js';

/** Networks that peers are of, or not. */
export class Networks {
  readonly #list = new BlockList();

  /** @param length bits of the prefix that the network's addresses have in common */
  add(address: string, length: number): this {
    this.#list.addSubnet(address, length, familyOf(address));
    return this;
  }

  has({ address }: Peer): boolean {
    return this.#list.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
