import { ConnectionIndex } from './connection-index.js';
import type { FlowRecord } from './flow-record.js';
import {
  HAS_DETAILS,
  HAS_HELPER,
  HAS_LABELS,
  HAS_MASTER,
  LABELS_OCTETS,
  MASTER_WORDS,
  type Observation,
  WORD_FLAGS,
} from './observation.js';

/** Words 0 to 7 of a master are its addresses, then come protocol and ports. */
const ADDRESS_WORDS = 8;
/** The kernel has about a dozen; this many names are told apart. */
const MAXIMUM_HELPERS = 255;

/**
 * Labels, helper and master of connections, which the kernel tells while a connection lives and not at its end. Few connections
 * have them, so they lie beside the flow table; bounded by `capacity`.
 */
export class ConnectionDetails {
  /** Tells where a connection's details are kept. */
  readonly index: ConnectionIndex;
  readonly #flags: Uint8Array;
  readonly #labels: Uint8Array;
  readonly #masters: Uint32Array;
  /** Index in `#names`. */
  readonly #helpers: Uint8Array;
  readonly #names: string[] = [];

  /** @param capacity connections, about 80 octets each */
  constructor(capacity: number) {
    this.index = new ConnectionIndex(capacity);
    const places = this.index.capacity;
    this.#flags = new Uint8Array(places);
    this.#labels = new Uint8Array(places * LABELS_OCTETS);
    this.#masters = new Uint32Array(places * MASTER_WORDS);
    this.#helpers = new Uint8Array(places);
  }

  /** Connections whose details found no room. */
  get evicted(): number {
    return this.index.evicted;
  }

  /** Keeps what this look at a live connection tells. */
  keep(o: Observation): void {
    if (!o.has(HAS_DETAILS)) return;
    let place = this.index.find(o);
    if (place < 0) {
      place = this.index.take(o, o.seen);
      this.#flags[place] = 0;
    } else this.index.setStamp(place, o.seen);
    this.#flags[place] |= o.words[WORD_FLAGS] & HAS_DETAILS;
    if (o.has(HAS_LABELS)) this.#labels.set(o.labels, place * LABELS_OCTETS);
    if (o.has(HAS_MASTER)) this.#masters.set(o.master, place * MASTER_WORDS);
    if (o.has(HAS_HELPER)) this.#helpers[place] = this.#helperIndex(o.helper);
  }

  /** Adds labels, helper and master to the record. */
  describe(o: Observation, record: FlowRecord): void {
    const place = this.index.find(o);
    if (place < 0) return;
    const flags = this.#flags[place];
    record.hasLabels = (flags & HAS_LABELS) !== 0;
    record.hasMaster = (flags & HAS_MASTER) !== 0;
    record.helper = (flags & HAS_HELPER) !== 0 ? this.#names[this.#helpers[place]] : '';
    if (record.hasLabels) {
      for (let i = 0; i < LABELS_OCTETS; i++) record.labels[i] = this.#labels[place * LABELS_OCTETS + i];
    }
    if (record.hasMaster) this.#describeMaster(place * MASTER_WORDS, record);
  }

  remove(o: Observation): void {
    const place = this.index.find(o);
    if (place >= 0) this.index.remove(place);
  }

  #describeMaster(at: number, record: FlowRecord): void {
    const ports = this.#masters[at + ADDRESS_WORDS + 1];
    const octets = new Uint8Array(this.#masters.buffer, at * 4, ADDRESS_WORDS * 4);
    record.masterAddresses.set(octets);
    record.masterProtocol = this.#masters[at + ADDRESS_WORDS];
    record.masterSourcePort = ports >>> 16;
    record.masterDestinationPort = ports & 0xffff;
  }

  #helperIndex(name: string): number {
    const known = this.#names.indexOf(name);
    if (known >= 0) return known;
    if (this.#names.length === MAXIMUM_HELPERS) return MAXIMUM_HELPERS - 1;
    return this.#names.push(name) - 1;
  }
}
