import type { OctetRange } from '@weir/flow';
import { DESTINATION, type FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { CryptoPan } from './crypto-pan.js';
import { isWithinAny } from './record-filter.js';

/** What is done to addresses. */
export type Anonymisation =
  /** The first so many bits are kept, the others become 0. */
  | { readonly technique: 'truncate'; readonly ipv4Bits: number; readonly ipv6Bits: number }
  /** @see CryptoPan; the key has 32 octets. */
  | { readonly technique: 'crypto-pan'; readonly key: Uint8Array };

/** Changes an address of 4 or 16 octets in place. */
type Change = (octets: Uint8Array, at: number, width: number) => void;

/**
 * Takes from Flow Records what tells people: every address (of the Flow, after translation, of its master, the next hop) is
 * changed, MAC addresses are left out. Ports, times and counters stay.
 */
export class Anonymiser {
  readonly #change: Change;

  /** @param networks only addresses in one of them are changed; none means all */
  constructor(
    anonymisation: Anonymisation,
    private readonly networks: readonly OctetRange[],
  ) {
    this.#change = changeOf(anonymisation);
  }

  apply(record: FlowRecord): void {
    const { addresses } = record;
    this.#address(record, addresses, SOURCE);
    this.#address(record, addresses, DESTINATION);
    if (record.translated) {
      this.#address(record, addresses, NAT_SOURCE);
      this.#address(record, addresses, NAT_DESTINATION);
    }
    if (record.hasMaster) {
      this.#address(record, record.masterAddresses, 0);
      this.#address(record, record.masterAddresses, 16);
    }
    if (record.hasNextHop) this.#address(record, record.nextHop, 0);
    record.hasSourceMac = false;
    record.hasDestinationMac = false;
  }

  #address(record: FlowRecord, octets: Uint8Array, at: number): void {
    if (this.networks.length > 0 && !isWithinAny(this.networks, record.family, octets, at)) return;
    this.#change(octets, at, record.family === 6 ? 16 : 4);
  }
}

function changeOf(anonymisation: Anonymisation): Change {
  if (anonymisation.technique === 'truncate') {
    const { ipv4Bits, ipv6Bits } = anonymisation;
    return (octets, at, width) => truncate(octets, at, width, width === 16 ? ipv6Bits : ipv4Bits);
  }
  const pan = new CryptoPan(anonymisation.key);
  return (octets, at, width) => pan.apply(octets, at, width);
}

function truncate(octets: Uint8Array, at: number, width: number, bits: number): void {
  const whole = bits >> 3;
  if (whole < width) octets[at + whole] &= 0xff00 >> (bits & 7);
  for (let i = whole + 1; i < width; i++) octets[at + i] = 0;
}
