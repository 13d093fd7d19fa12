import type { RecordSource } from '../metering/kernel-door.js';
import type { RecordBatch } from '../metering/record-batch.js';
import * as libc from './libc.js';
import { mapShared, type SharedMap } from './shared-map.js';

/** include/uapi/linux/bpf.h: the bits of a record's first word that are not its length. */
const BUSY = 0x80000000;
const DISCARDED = 0x40000000;
const RING_HEADER_OCTETS = 8;
/** struct ring_header of bpf/meter.h: kind and flags. */
const RECORD_HEADER_OCTETS = 8;
const FLAG_NO_PATH = 1;
const FLAG_INTERIM = 2;
/** RECORD_OCTETS of bpf/look.h, and both headers. */
const LONGEST_RECORD_OCTETS = 512 + RECORD_HEADER_OCTETS + RING_HEADER_OCTETS;
/** Records that one read takes. */
const RECORDS_A_BATCH = 256;

/** A ring of the kernel's (BPF_MAP_TYPE_RINGBUF), mapped: records are read where the kernel has written them. */
export class RecordRing implements RecordSource {
  readonly batch: RecordBatch;
  readonly capacity: number;
  /** Of the records of the last read: interim reports; those whose way through this host is not known. */
  interimReports = 0;
  withoutPath = 0;
  readonly #maps: SharedMap[] = [];
  readonly #consumer: BigInt64Array;
  readonly #producer: Int32Array;
  readonly #words: Int32Array;
  readonly #mask: number;
  /** Position up to which has been read, and the whole of it that the kernel knows. */
  #position = 0;
  #released = 0n;

  /**
   * @param descriptor closed with the ring, also where it cannot be mapped
   * @param octets of the ring, a power of two and at most 2^30
   * @throws SystemError where it cannot be mapped
   */
  constructor(
    readonly descriptor: number,
    octets: number,
  ) {
    // 16 or 64 KiB on some machines of arm64.
    const page = libc.getpagesize();
    const { consumer, producer: memory } = this.#map(page, octets);
    this.#consumer = new BigInt64Array(consumer, 0, 1);
    this.#producer = new Int32Array(memory, 0, 2);
    this.#words = new Int32Array(memory, page);
    this.#mask = octets - 1;
    this.capacity = Math.floor(octets / LONGEST_RECORD_OCTETS);
    const bytes = new Uint8Array(memory, page);
    this.batch = {
      bytes,
      address: libc.addressOf(bytes),
      count: 0,
      kinds: new Uint32Array(RECORDS_A_BATCH),
      flags: new Uint32Array(RECORDS_A_BATCH),
      offsets: new Uint32Array(RECORDS_A_BATCH),
      lengths: new Uint32Array(RECORDS_A_BATCH),
    };
  }

  /** Finds the next records; those of the read before are to be released first. @returns how many */
  read(): number {
    const { batch } = this;
    const words = this.#words;
    // Both counters run on beyond 32 bits; the ring is smaller, so the lower halves tell the difference.
    const end = Atomics.load(this.#producer, 0) | 0;
    let at = this.#position;
    batch.count = this.interimReports = this.withoutPath = 0;
    while (at !== end && batch.count < RECORDS_A_BATCH) {
      const place = at & this.#mask;
      const header = Atomics.load(words, place >> 2) >>> 0;
      if ((header & BUSY) !== 0) break;
      const length = header & ~(BUSY | DISCARDED);
      if ((header & DISCARDED) === 0) this.#add(place, length);
      at = (at + RING_HEADER_OCTETS + ((length + 7) & ~7)) | 0;
    }
    this.#released += BigInt((at - this.#position) >>> 0);
    this.#position = at;
    return batch.count;
  }

  lacksPath(i: number): boolean {
    return (this.batch.flags[i] & FLAG_NO_PATH) !== 0;
  }

  /** Gives the memory of what has been read back to the kernel. */
  release(): void {
    Atomics.store(this.#consumer, 0, this.#released);
  }

  close(): void {
    for (const map of this.#maps) map.close();
    libc.close(this.descriptor);
  }

  #map(page: number, octets: number): { consumer: ArrayBuffer; producer: ArrayBuffer } {
    try {
      this.#maps.push(mapShared(this.descriptor, 'ring', page));
      // The data lie there twice, one behind the other, so that a record at the end of the ring is in one piece.
      this.#maps.push(mapShared(this.descriptor, 'ring', page + 2 * octets, page, 'read'));
    } catch (error) {
      this.close();
      throw error;
    }
    const [consumer, producer] = this.#maps;
    return { consumer: consumer.buffer, producer: producer.buffer };
  }

  #add(place: number, length: number): void {
    const { batch } = this;
    const i = batch.count++;
    const word = (place + RING_HEADER_OCTETS) >> 2;
    const flags = this.#words[word + 1];
    batch.kinds[i] = this.#words[word];
    batch.flags[i] = flags;
    batch.offsets[i] = place + RING_HEADER_OCTETS + RECORD_HEADER_OCTETS;
    batch.lengths[i] = length - RECORD_HEADER_OCTETS;
    if ((flags & FLAG_INTERIM) !== 0) this.interimReports++;
    if ((flags & FLAG_NO_PATH) !== 0) this.withoutPath++;
  }
}
