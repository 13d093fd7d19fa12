import type { Peer } from '../peer.js';

/** Anyone who reaches the port can invent exporters: more than these are counted in the sum of all only. */
const MAXIMUM_EXPORTERS = 4096;

/** Datagrams of one Observation Domain of one exporter that found no room. */
export interface DroppedOf {
  readonly address: string;
  readonly observationDomainId: number;
  readonly datagrams: number;
}

/** Drops by exporter. */
export class ExporterDrops {
  readonly #domains = new Map<string, Map<number, number>>();
  #size = 0;

  count(octets: Uint8Array, { address }: Peer): void {
    const domain = domainOf(octets);
    if (domain === undefined) return;
    const known = this.#domains.get(address);
    const before = known?.get(domain);
    if (before === undefined && this.#size >= MAXIMUM_EXPORTERS) return;
    const counts = known ?? new Map<number, number>();
    if (known === undefined) this.#domains.set(address, counts);
    if (before === undefined) this.#size++;
    counts.set(domain, (before ?? 0) + 1);
  }

  list(): DroppedOf[] {
    return [...this.#domains].flatMap(([address, counts]) =>
      Array.from(counts, ([observationDomainId, datagrams]) => ({ address, observationDomainId, datagrams })),
    );
  }
}

/** The Observation Domain of IPFIX (RFC 7011 section 3.1), the Source ID of NetFlow v9 (RFC 3954 section 5.1), the engine of v5. */
function domainOf(octets: Uint8Array): number | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const version = octets.length < 2 ? 0 : view.getUint16(0);
  if (version === 10 && octets.length >= 16) return view.getUint32(12);
  if (version === 9 && octets.length >= 20) return view.getUint32(16);
  return version === 5 && octets.length >= 24 ? view.getUint16(20) : undefined;
}
