import type { OctetRange } from '@weir/flow';
import { DESTINATION, type FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import { MASTER_ADDRESSES, NEXT_HOP } from '../metering/record-layout.js';
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
    this.#address(record, record.place(SOURCE));
    this.#address(record, record.place(DESTINATION));
    if (record.translated) {
      this.#address(record, record.place(NAT_SOURCE));
      this.#address(record, record.place(NAT_DESTINATION));
    }
    if (record.hasMaster) {
      this.#address(record, 4 * MASTER_ADDRESSES);
      this.#address(record, 4 * MASTER_ADDRESSES + 16);
    }
    if (record.hasNextHop) this.#address(record, 4 * NEXT_HOP);
    record.hasSourceMac = false;
    record.hasDestinationMac = false;
  }

  #address({ family, octets }: FlowRecord, at: number): void {
    if (this.networks.length > 0 && !isWithinAny(this.networks, family, octets, at)) return;
    this.#change(octets, at, family === 6 ? 16 : 4);
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
