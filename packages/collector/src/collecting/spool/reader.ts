import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Peer, peerOf } from '../peer.js';
import type { Session } from '../sessions.js';
import {
  CHUNK_HEADER,
  CHUNK_OCTETS,
  chunkLength,
  ENTRY,
  ENTRY_HEADER,
  isSound,
  PROTOCOLS,
  segmentName,
  segmentStart,
} from './format.js';

const MAXIMUM_PEERS = 4096;

/** Where the segments in a directory begin, in order. */
export function segmentsIn(directory: string): number[] {
  return readdirSync(directory)
    .map(segmentStart)
    .filter(start => start !== undefined)
    .sort((a, b) => a - b);
}

/** Reads a raw spool entry by entry. Its properties are those of the entry that `next` came to. */
export class RawSpoolReader {
  /** Behind the entry. */
  position: number;
  kind = 0;
  time = 0;
  connection = 0;
  stream = 0;
  /** Valid until the next call of `next`. */
  octets: Uint8Array = new Uint8Array(0);
  /** Octets at the end that are no whole chunk: a crash cut the last append short. */
  torn = 0;
  readonly #directory: string;
  readonly #limit: (() => number) | undefined;
  readonly #from: number;
  readonly #bytes = new Uint8Array(2 * CHUNK_OCTETS);
  readonly #buffer = Buffer.from(this.#bytes.buffer);
  readonly #peers = new Map<string, Peer>();
  #descriptor: number | undefined;
  #segment: number;
  /** Position of the buffer's first octet, and how many are in it. */
  #bufferAt: number;
  #filled = 0;
  /** In the buffer: the entry that comes next, and the end of its chunk. */
  #at = 0;
  #end = 0;
  #entry = 0;

  /**
   * @param from entries that end here or before are left out; their end is that of one of them, or 0
   * @param limit up to which position there are chunks, where another thread goes on writing; else what is there is all, and is checked
   */
  constructor(directory: string, from: number, limit?: () => number) {
    this.#directory = directory;
    this.#from = from;
    this.#limit = limit;
    this.#segment =
      segmentsIn(directory)
        .filter(start => start <= from)
        .at(-1) ?? from;
    this.#bufferAt = this.#segment;
    this.position = from;
  }

  get peer(): Peer {
    const at = this.#entry;
    const key = this.#buffer.toString('latin1', at + ENTRY.address, at + ENTRY.port + 2);
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    if (this.#peers.size >= MAXIMUM_PEERS) this.#peers.clear();
    const octets = Uint8Array.from(this.#buffer.subarray(at + ENTRY.address, at + ENTRY.port));
    const peer = peerOf(octets, this.#buffer.readUInt16LE(at + ENTRY.port));
    this.#peers.set(key, peer);
    return peer;
  }

  get protocol(): Session['protocol'] {
    return PROTOCOLS[this.#buffer[this.#entry + ENTRY.protocol]!] ?? 'tcp';
  }

  /** Goes to the next entry; whether there is one now. */
  next(): boolean {
    do {
      if (this.#at === this.#end && !this.#nextChunk()) return false;
      this.#take();
    } while (this.position <= this.#from);
    return true;
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #take(): void {
    const at = this.#at;
    const buffer = this.#buffer;
    const start = at + ENTRY_HEADER;
    const end = start + buffer.readUInt32LE(at + ENTRY.length);
    this.#entry = at;
    this.kind = buffer[at + ENTRY.kind]!;
    this.stream = buffer.readUInt16LE(at + ENTRY.stream);
    this.time = buffer.readDoubleLE(at + ENTRY.time);
    this.connection = buffer.readUInt32LE(at + ENTRY.connection);
    this.octets = this.#bytes.subarray(start, end);
    this.#at = end;
    this.position = this.#bufferAt + end;
  }

  /** Whether there is one more whole chunk; makes its first entry the next. */
  #nextChunk(): boolean {
    if (this.torn > 0 || this.#bufferAt + this.#at >= (this.#limit?.() ?? Number.POSITIVE_INFINITY)) return false;
    let length = this.#chunkHere();
    if (length === undefined) {
      if (!this.#refill()) return false;
      length = this.#chunkHere();
    }
    if (
      length === undefined ||
      (this.#limit === undefined && !isSound(this.#buffer.subarray(this.#at, this.#at + length)))
    ) {
      if (this.#limit !== undefined)
        throw new Error(`the raw spool in ${this.#directory} has no chunk at ${this.#bufferAt}`);
      this.torn = this.#rest();
      return false;
    }
    this.#end = this.#at + length;
    this.#at += CHUNK_HEADER;
    return true;
  }

  /** Length of the next chunk where it is in the buffer whole. */
  #chunkHere(): number | undefined {
    const length = chunkLength(this.#buffer, this.#at, this.#filled);
    return length !== undefined && this.#at + length <= this.#filled ? length : undefined;
  }

  /** Fills the buffer from the next chunk on; whether anything is there. */
  #refill(): boolean {
    this.#bufferAt += this.#at;
    this.#at = this.#end = this.#filled = 0;
    this.#read();
    if (this.#filled === 0 && this.#descriptor !== undefined && this.#bufferAt > this.#segment) {
      this.close();
      this.#segment = this.#bufferAt;
      this.#read();
    }
    return this.#filled > 0;
  }

  #read(): void {
    if (this.#descriptor === undefined) {
      const path = join(this.#directory, segmentName(this.#segment));
      if (this.#limit === undefined && !existsSync(path)) return;
      this.#descriptor = openSync(path, 'r');
    }
    const most = Math.min(this.#buffer.length, (this.#limit?.() ?? Number.POSITIVE_INFINITY) - this.#bufferAt);
    this.#filled = readSync(this.#descriptor, this.#buffer, 0, most, this.#bufferAt - this.#segment);
  }

  /** Octets from here on, in this segment and in those behind it. */
  #rest(): number {
    const here = this.#bufferAt + this.#at;
    const behind = segmentsIn(this.#directory).filter(start => start > here);
    const sizes = behind.map(start => statSync(join(this.#directory, segmentName(start))).size);
    return fstatSync(this.#descriptor!).size - (here - this.#segment) + sizes.reduce((sum, size) => sum + size, 0);
  }
}
