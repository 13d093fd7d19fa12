import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Peer } from '../peer.js';
import type { Session } from '../sessions.js';
import { ExporterDrops } from './exporter-drops.js';
import {
  CHUNK_HEADER,
  CHUNK_OCTETS,
  ENTRY,
  ENTRY_HEADER,
  KIND,
  LARGEST_ENTRY,
  PROTOCOLS,
  SEGMENT_OCTETS,
  sealChunk,
  segmentName,
} from './format.js';
import type { Progress } from './progress.js';

/** Octets kept in memory while the disk takes nothing. */
const HELD_OCTETS = 32 << 20;
const RETRY_MILLISECONDS = 250;

/** Datagrams that found no room; every number only grows. */
export interface SpoolDrops {
  /** The raw spool was as full as it may be. */
  full: number;
  /** The disk did not take it, and what may wait in memory was full. */
  disk: number;
}

export interface RawSpoolWriterOptions {
  readonly directory: string;
  /** Octets that may lie there. */
  readonly limit: number;
  readonly progress: Progress;
  /** Called when more can be read there. */
  written(): void;
  /** Called when the disk has taken what waited in memory. */
  room(): void;
  /** Takes a line for people. */
  log(line: string): void;
}

/**
 * Appends what arrives. After `flush` it is the kernel's: it outlives this process, though not the machine. While the disk takes nothing
 * it is kept in memory, up to a bound, and tried again.
 */
export class RawSpoolWriter {
  readonly drops: SpoolDrops = { full: 0, disk: 0 };
  /** The same, by exporter. */
  readonly exporterDrops = new ExporterDrops();
  /** Why the disk takes nothing now. */
  problem: string | undefined;
  readonly #options: RawSpoolWriterOptions;
  readonly #chunk = Buffer.alloc(CHUNK_OCTETS);
  #filled = CHUNK_HEADER;
  /** Chunks that the disk did not take yet. */
  readonly #held: Buffer[] = [];
  #heldOctets = 0;
  #retry: NodeJS.Timeout | undefined;
  #descriptor: number | undefined;
  #start = 0;
  #position = 0;

  constructor(options: RawSpoolWriterOptions) {
    this.#options = options;
  }

  /** Whether there is room for one more Message, whatever its length. */
  room(): boolean {
    return this.#obstacle(LARGEST_ENTRY) === undefined;
  }

  /** Takes a datagram, or drops and counts it. */
  datagram(octets: Uint8Array, peer: Peer, now: number): void {
    const obstacle = this.#obstacle(ENTRY_HEADER + octets.length);
    if (obstacle === undefined) {
      this.#add(KIND.datagram, 'udp', octets, peer, now, 0, 0);
      return;
    }
    this.drops[obstacle]++;
    this.exporterDrops.count(octets, peer);
  }

  /** Takes a Message of the connection with that number. Ask for room() before. */
  message({ peer, protocol }: Session, octets: Uint8Array, now: number, connection: number, stream: number): void {
    this.#add(KIND.message, protocol, octets, peer, now, connection, stream);
  }

  /** The connection is over. Takes no room to speak of: it is always taken. */
  end({ peer, protocol }: Session, now: number, connection: number): void {
    this.#add(KIND.end, protocol, new Uint8Array(0), peer, now, connection, 0);
  }

  /** Hands what was taken to the disk. */
  flush(): void {
    if (this.#filled === CHUNK_HEADER) return;
    const chunk = this.#chunk.subarray(0, this.#filled);
    this.#filled = CHUNK_HEADER;
    sealChunk(chunk);
    if (this.#held.length === 0 && this.#tries(chunk)) return;
    this.#held.push(Buffer.from(chunk));
    this.#heldOctets += chunk.length;
    this.#retry ??= setTimeout(() => this.#again(), RETRY_MILLISECONDS);
  }

  /** Ends. What the disk still does not take is lost. @returns octets of it */
  close(): number {
    clearTimeout(this.#retry);
    this.flush();
    clearTimeout(this.#retry);
    if (this.#held.length > 0) this.#again();
    clearTimeout(this.#retry);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    return this.#heldOctets;
  }

  #obstacle(octets: number): keyof SpoolDrops | undefined {
    const waiting = this.#heldOctets + this.#filled + octets;
    if (this.#held.length > 0 && waiting > HELD_OCTETS) return 'disk';
    return this.#position + waiting - this.#options.progress.freed > this.#options.limit ? 'full' : undefined;
  }

  #add(
    kind: number,
    protocol: Session['protocol'],
    octets: Uint8Array,
    peer: Peer,
    now: number,
    connection: number,
    stream: number,
  ): void {
    if (this.#filled + ENTRY_HEADER + octets.length > CHUNK_OCTETS) this.flush();
    const at = this.#filled;
    const chunk = this.#chunk;
    chunk.writeUInt32LE(octets.length, at + ENTRY.length);
    chunk[at + ENTRY.kind] = kind;
    chunk[at + ENTRY.protocol] = PROTOCOLS.indexOf(protocol);
    chunk.writeUInt16LE(stream, at + ENTRY.stream);
    chunk.writeDoubleLE(now, at + ENTRY.time);
    chunk.writeUInt32LE(connection, at + ENTRY.connection);
    chunk.set(peer.octets, at + ENTRY.address);
    chunk.writeUInt16LE(peer.port, at + ENTRY.port);
    chunk.set(octets, at + ENTRY_HEADER);
    this.#filled = at + ENTRY_HEADER + octets.length;
  }

  #again(): void {
    this.#retry = undefined;
    for (let [chunk] = this.#held; chunk !== undefined; [chunk] = this.#held) {
      if (!this.#tries(chunk)) {
        this.#retry = setTimeout(() => this.#again(), RETRY_MILLISECONDS);
        return;
      }
      this.#held.shift();
      this.#heldOctets -= chunk.length;
    }
    this.#options.room();
  }

  /** Whether the disk takes the chunk. Half of one is written over by the next attempt: until it is whole, nobody is told. */
  #tries(chunk: Uint8Array): boolean {
    const { progress, log, written } = this.#options;
    try {
      this.#write(chunk);
    } catch (error) {
      const { message } = error as Error;
      if (this.problem === undefined) {
        log(
          `cannot write what arrives to the raw spool: ${message}; up to ${HELD_OCTETS >> 20} MiB wait in memory, then UDP is dropped and connections are not read; make room on the disk`,
        );
      }
      this.problem = message;
      return false;
    }
    if (this.problem !== undefined) {
      this.problem = undefined;
      log(`the raw spool can be written again; ${this.drops.disk} datagrams were dropped for it since the start`);
    }
    progress.written = this.#position += chunk.length;
    written();
    return true;
  }

  #write(chunk: Uint8Array): void {
    if (this.#descriptor === undefined || this.#position - this.#start >= SEGMENT_OCTETS) this.#nextSegment();
    const at = this.#position - this.#start;
    for (let done = 0; done < chunk.length; ) {
      done += writeSync(this.#descriptor!, chunk, done, chunk.length - done, at + done);
    }
  }

  #nextSegment(): void {
    const descriptor = openSync(join(this.#options.directory, segmentName(this.#position)), 'w', 0o600);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#start = this.#position;
  }
}
