import { fieldOfShortName, resolveName } from '@weir/flow';
import type { FlowBatch } from '../../flow/batch.js';
import { hasBit, type PresentMask } from '../../flow/present.js';

/** Protocols with ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const ICMP: ReadonlySet<number> = new Set([1, 58]);

/** Addresses and ports of a Flow, whichever way it goes, as numbers that differ for different ones. */
export interface Tuple {
  /** Never 0. */
  tag: number;
  place: number;
  /** 1 where the Flow goes the other way of the two. */
  turned: 0 | 1;
}

/** What the records of a Template have of a tuple. */
export interface TupleFields {
  readonly ports: boolean;
  readonly icmp: boolean;
  /** After translation; what is not told is as before. */
  readonly natSource: boolean;
  readonly natDestination: boolean;
  readonly natSourcePort: boolean;
  readonly natDestinationPort: boolean;
}

/** Undefined where no record of the Template can have a whole tuple. */
export function tupleFields(present: PresentMask): TupleFields | undefined {
  const has = (name: string): boolean => resolveName(name)!.bits.some(bit => hasBit(present, bit));
  const ports = has('srcport') && has('dstport');
  const icmp = has('icmptypecode');
  if (!has('src') || !has('dst') || !has('proto') || !(ports || icmp)) return undefined;
  return {
    ...{ ports, icmp, natSource: has('natsrc'), natDestination: has('natdst') },
    ...{ natSourcePort: has('natsrcport'), natDestinationPort: has('natdstport') },
  };
}

/** Reads the tuples of a batch's records. */
export class TupleReader {
  readonly before: Tuple = { tag: 0, place: 0, turned: 0 };
  /** After translation; its tag is 0 where none is told. */
  readonly after: Tuple = { tag: 0, place: 0, turned: 0 };
  readonly #seed: number;
  readonly #source: Addresses;
  readonly #destination: Addresses;
  readonly #natSource: Addresses;
  readonly #natDestination: Addresses;
  readonly #sourcePort: Uint16Array;
  readonly #destinationPort: Uint16Array;
  readonly #natSourcePort: Uint16Array;
  readonly #natDestinationPort: Uint16Array;
  readonly #protocol: Uint8Array;
  readonly #icmp: Uint16Array;

  /** @param seed keeps anyone from choosing addresses and ports that have the numbers of others */
  constructor(batch: FlowBatch, seed: number) {
    const buffer = (name: string) => batch.column(fieldOfShortName(name)!.column).data.buffer;
    const ports = (name: string) => new Uint16Array(buffer(name));
    this.#seed = seed;
    this.#source = new Addresses(buffer('src'));
    this.#destination = new Addresses(buffer('dst'));
    this.#natSource = new Addresses(buffer('natsrc'));
    this.#natDestination = new Addresses(buffer('natdst'));
    this.#sourcePort = ports('srcport');
    this.#destinationPort = ports('dstport');
    this.#natSourcePort = ports('natsrcport');
    this.#natDestinationPort = ports('natdstport');
    this.#icmp = new Uint16Array(buffer('icmptypecode'));
    this.#protocol = new Uint8Array(buffer('proto'));
  }

  /** Whether the record has a whole tuple, one that means the same Flow on any link; it is in `before` and `after` then. */
  read(row: number, fields: TupleFields): boolean {
    const protocol = this.#protocol[row]!;
    if (fields.ports && WITH_PORTS.has(protocol)) {
      const source = this.#sourcePort[row]!;
      const destination = this.#destinationPort[row]!;
      // Exporters tell so of fragments behind the first.
      return (source !== 0 || destination !== 0) && this.#join(row, fields, protocol, source, destination);
    }
    return fields.icmp && ICMP.has(protocol) && this.#join(row, fields, protocol | (this.#icmp[row]! << 8), 0, 0);
  }

  #join(row: number, fields: TupleFields, kind: number, sourcePort: number, destinationPort: number): boolean {
    if (this.#source.isOfLink(row) || this.#destination.isOfLink(row)) return false;
    const seed = this.#seed;
    const source = this.#source.hash(row, seed ^ sourcePort);
    const destination = this.#destination.hash(row, seed ^ destinationPort);
    put(this.before, source, destination, kind, seed);
    this.after.tag = 0;
    const { natSource, natDestination, natSourcePort, natDestinationPort } = fields;
    if (!natSource && !natDestination) return true;
    const hasPorts = sourcePort !== 0 || destinationPort !== 0;
    const from = hasPorts && natSourcePort ? this.#natSourcePort[row]! : sourcePort;
    const to = hasPorts && natDestinationPort ? this.#natDestinationPort[row]! : destinationPort;
    const sourceAfter = (natSource ? this.#natSource : this.#source).hash(row, seed ^ from);
    const destinationAfter = (natDestination ? this.#natDestination : this.#destination).hash(row, seed ^ to);
    if (sourceAfter !== source || destinationAfter !== destination)
      put(this.after, sourceAfter, destinationAfter, kind, seed);
    return true;
  }
}

/** The lower end first, so that the way back is the same tuple. */
function put(tuple: Tuple, source: number, destination: number, kind: number, seed: number): void {
  const turned = source > destination;
  const low = turned ? destination : source;
  const high = turned ? source : destination;
  tuple.turned = turned ? 1 : 0;
  tuple.place = mixed(mixed(low, high), kind);
  tuple.tag = mixed(mixed(mixed(high, kind), low), seed) || 1;
}

/** A step of a hash of 32 bits. */
export function mixed(hash: number, word: number): number {
  let h = Math.imul(hash ^ word, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca77);
  return (h ^ (h >>> 13)) >>> 0;
}

/** Octets 8 to 11 of an IPv4 address in a column, ::ffff:a.b.c.d, as a word in the machine's order. */
const MAPPED = new Uint32Array(Uint8Array.of(0, 0, 0xff, 0xff).buffer)[0]!;

/** A column of addresses. */
class Addresses {
  readonly #words: Uint32Array;
  readonly #octets: Uint8Array;

  constructor(buffer: ArrayBufferLike) {
    this.#words = new Uint32Array(buffer);
    this.#octets = new Uint8Array(buffer);
  }

  hash(row: number, start: number): number {
    const words = this.#words;
    const at = row * 4;
    return mixed(mixed(mixed(mixed(start, words[at + 3]!), words[at + 2]!), words[at + 1]!), words[at]!);
  }

  /**
   * Whether the address means another host on another link: multicast, broadcast, unspecified, loopback and link-local ones. The same
   * tuple is another Flow there.
   */
  isOfLink(row: number): boolean {
    const [words, octets] = [this.#words, this.#octets];
    const at = row * 4;
    const high = words[at]! | words[at + 1]!;
    const first = octets[row * 16]!;
    if (high === 0 && words[at + 2] === MAPPED) {
      const byte = octets[row * 16 + 12]!;
      return byte >= 224 || byte === 0 || byte === 127 || (byte === 169 && octets[row * 16 + 13] === 254);
    }
    if (first === 0xff || (first === 0xfe && (octets[row * 16 + 1]! & 0xc0) === 0x80)) return true;
    return high === 0 && words[at + 2] === 0;
  }
}
