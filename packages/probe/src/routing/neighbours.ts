import type { Host } from '../host/host.js';
import { AttributeCursor } from '../netlink/attributes.js';
import { nativeU32 } from '../netlink/native.js';
import type { DatagramReader } from '../netlink/reader.js';
import { ADDRESS_WORDS, readAddress } from './address.js';
import { dump } from './dump.js';
import * as rt from './rtnetlink.js';
import { WordMap } from './word-map.js';

const NDMSG_OCTETS = 12;
/** Interface, family, address. */
const KEY_WORDS = 2 + ADDRESS_WORDS;
/** A MAC address as two words: its first two octets, 0x10000 added so that it is never 0, and its last four. */
export const MAC_WORDS = 2;
const KNOWN = 0x10000;
const CAPACITY = 16_384;

/** Told of a neighbour's MAC address, undefined where it is not known any more. @param address numeric words, IPv4 in the first */
export type NeighbourWatcher = (link: number, address: Uint32Array, mac: Uint8Array | undefined) => void;

/** MAC addresses of the neighbours, as the kernel knows them now. */
export class Neighbours {
  malformed = 0;
  /** Neighbours that found no room: what is known of them is not used. */
  overflows = 0;
  readonly #map = new WordMap(CAPACITY, KEY_WORDS, MAC_WORDS);
  readonly #key = new Uint32Array(KEY_WORDS);
  readonly #cursor = new AttributeCursor();
  #watcher: NeighbourWatcher | undefined;

  constructor(private readonly host: Host) {}

  /** Tells of all neighbours, and from now on of each change. */
  watch(watcher: NeighbourWatcher): void {
    this.#watcher = watcher;
    this.load();
  }

  /** Reads all neighbours anew. @returns false where that failed */
  load(): boolean {
    this.#map.clear();
    const request = { type: rt.RTM_GETNEIGH, family: 0, payloadOctets: NDMSG_OCTETS };
    return dump(this.host, request, reader => {
      this.apply(reader);
      return true;
    });
  }

  /**
   * Puts the MAC address of the neighbour words[at, at + 4) of this interface into target[to, to + 2), zeros where it is not
   * known.
   */
  find(link: number, family: number, words: Uint32Array, at: number, target: Uint32Array, to: number): void {
    const key = this.#key;
    key[0] = link;
    key[1] = family;
    for (let i = 0; i < ADDRESS_WORDS; i++) key[2 + i] = words[at + i];
    const entry = this.#map.find(key);
    for (let i = 0; i < MAC_WORDS; i++) target[to + i] = entry < 0 ? 0 : this.#map.values[entry * MAC_WORDS + i];
  }

  /** Takes the neighbour message at the cursor. */
  apply(reader: DatagramReader): void {
    const { bytes, halves, messages } = reader;
    const { start, end } = messages;
    if (end - start < NDMSG_OCTETS) {
      this.malformed++;
      return;
    }
    const family = bytes[start];
    // Forwarding entries of bridges (AF_BRIDGE) come by the same messages; a proxy entry's address is our own.
    if ((family !== rt.AF_INET && family !== rt.AF_INET6) || (bytes[start + 10] & rt.NTF_PROXY) !== 0) return;
    this.#key[0] = nativeU32(halves, start + 4);
    this.#key[1] = family;
    const mac = this.#attributes(reader, family === rt.AF_INET ? 4 : 16);
    if (mac === undefined) return;
    const known = messages.type === rt.RTM_NEWNEIGH && (halves[(start + 8) >> 1] & rt.NUD_VALID) !== 0;
    this.#keep(bytes, known ? mac : -1);
  }

  /** Reads the address into the key. @returns where the MAC address begins, -1 for none, undefined where it is no neighbour */
  #attributes({ bytes, halves, messages }: DatagramReader, octets: number): number | undefined {
    const cursor = this.#cursor;
    let mac = -1;
    let found = false;
    cursor.reset(bytes, halves, messages.start + NDMSG_OCTETS, messages.end);
    while (cursor.next()) {
      if (cursor.type === rt.NDA_DST && cursor.length === octets) {
        readAddress(bytes, cursor.start, octets, this.#key, 2);
        found = true;
      } else if (cursor.type === rt.NDA_LLADDR && cursor.length === 6) mac = cursor.start;
    }
    if (!cursor.failed && found) return mac;
    this.malformed++;
    return undefined;
  }

  #keep(bytes: Uint8Array, mac: number): void {
    this.#watcher?.(this.#key[0], this.#key.subarray(2), mac < 0 ? undefined : bytes.subarray(mac, mac + 6));
    if (mac < 0 && this.#map.find(this.#key) < 0) return;
    const entry = this.#map.add(this.#key);
    if (entry < 0) {
      this.overflows++;
      return;
    }
    const { values } = this.#map;
    const at = entry * MAC_WORDS;
    values[at] = mac < 0 ? 0 : KNOWN | (bytes[mac] << 8) | bytes[mac + 1];
    values[at + 1] = 0;
    for (let i = 2; i < 6 && mac >= 0; i++) values[at + 1] = (values[at + 1] << 8) | bytes[mac + i];
  }
}

/** Writes the MAC address words[at, at + 2) as six octets. @returns false where it is not known */
export function writeMac(words: Uint32Array, at: number, target: Uint8Array): boolean {
  if (words[at] === 0) return false;
  for (let i = 0; i < 6; i++) target[i] = i < 2 ? words[at] >>> (8 - 8 * i) : words[at + 1] >>> (40 - 8 * i);
  return true;
}
