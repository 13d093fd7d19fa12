import { ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterEach, describe, expect, test } from 'vitest';
import * as libc from './libc.js';
import { RecordRing } from './record-ring.js';

const BUSY = 2 ** 31;
const DISCARDED = 2 ** 30;
const NO_PATH = 1;
const INTERIM = 2;
const HEADERS_OCTETS = 16;
/** The positions of consumer and producer have a page each, the data follow. */
const PAGE_OCTETS = process.platform === 'linux' ? libc.getpagesize() : 0;

/** A file that is laid out as a ring of the kernel's, and what the kernel would write to it. */
class RingFile {
  readonly ring: RecordRing;
  position = 0n;
  readonly #directory = mkdtempSync(join(tmpdir(), 'weir-ring-'));
  readonly #descriptor: number;

  constructor(readonly octets: number) {
    const path = join(this.#directory, 'ring');
    // The ring closes the first of them.
    const descriptor = openSync(path, 'w+');
    this.#descriptor = openSync(path, 'r+');
    ftruncateSync(descriptor, 2 * PAGE_OCTETS + 2 * octets);
    this.ring = new RecordRing(descriptor, octets);
  }

  /** Up to where user space has read. */
  get released(): bigint {
    const octets = Buffer.alloc(8);
    readSync(this.#descriptor, octets, 0, 8, 0);
    return octets.readBigInt64LE();
  }

  /** A finished record; `state` is BUSY, DISCARDED or 0. */
  put(kind: number, flags: number, data: number[], state = 0): void {
    const octets = Buffer.alloc(HEADERS_OCTETS + data.length);
    octets.writeUInt32LE(8 + data.length + state, 0);
    octets.writeUInt32LE(kind, 8);
    octets.writeUInt32LE(flags, 12);
    octets.set(data, HEADERS_OCTETS);
    this.#write(this.position, octets);
    this.#advance(8 + data.length);
  }

  /** A discarded record of so many octets, all in all. */
  skip(octets: number): void {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(octets - 8 + DISCARDED);
    this.#write(this.position, header);
    this.#advance(octets - 8);
  }

  /** Finishes the busy record that begins here. @param octets of its data */
  finish(position: bigint, octets: number): void {
    const header = Buffer.alloc(4);
    header.writeUInt32LE(8 + octets);
    this.#write(position, header);
  }

  /** The records of one read: kind, flags, data. */
  read(): [kind: number, flags: number, data: number[]][] {
    const count = this.ring.read();
    const { bytes, kinds, flags, offsets, lengths, count: same } = this.ring.batch;
    expect(same).toBe(count);
    return Array.from({ length: count }, (_, i) => {
      return [kinds[i], flags[i], [...bytes.subarray(offsets[i], offsets[i] + lengths[i])]];
    });
  }

  remove(): void {
    this.ring.close();
    rmSync(this.#directory, { recursive: true });
  }

  #advance(length: number): void {
    this.position += 8n + BigInt(Math.ceil(length / 8) * 8);
    const octets = Buffer.alloc(8);
    octets.writeBigInt64LE(this.position);
    writeSync(this.#descriptor, octets, 0, 8, PAGE_OCTETS);
  }

  /** Each octet lies there twice. */
  #write(position: bigint, octets: Uint8Array): void {
    const at = Number(position % BigInt(this.octets));
    const data = 2 * PAGE_OCTETS;
    const first = Math.min(octets.length, this.octets - at);
    writeSync(this.#descriptor, octets, 0, octets.length, data + at);
    writeSync(this.#descriptor, octets, 0, first, data + this.octets + at);
    if (first < octets.length) writeSync(this.#descriptor, octets, first, octets.length - first, data);
  }
}

let file: RingFile;
afterEach(() => file.remove());

function fileOf(octets: number): RingFile {
  file = new RingFile(octets);
  return file;
}

describe.skipIf(process.platform !== 'linux')('the ring', () => {
  test('records are told of where they lie, with kind, flags and length', () => {
    const { ring } = fileOf(65_536);
    file.put(0x18000073, 0, [1, 2, 3]);
    file.put(5, INTERIM, [4, 5, 6, 7, 8, 9, 10, 11, 12]);
    file.put(6, INTERIM | NO_PATH, []);
    file.put(7, INTERIM, [13]);
    expect(file.read()).toEqual([
      [0x18000073, 0, [1, 2, 3]],
      [5, INTERIM, [4, 5, 6, 7, 8, 9, 10, 11, 12]],
      [6, INTERIM | NO_PATH, []],
      [7, INTERIM, [13]],
    ]);
    // A record begins at a multiple of 8, behind 16 octets.
    expect([...ring.batch.offsets.subarray(0, 4)]).toEqual([16, 40, 72, 88]);
    expect([ring.interimReports, ring.withoutPath]).toEqual([3, 1]);
    expect([0, 1, 2, 3].map(i => ring.lacksPath(i))).toEqual([false, false, true, false]);
  });

  test('the address is that of the octets, which gathered sending takes', () => {
    const { ring } = fileOf(65_536);
    file.put(1, 0, [0xab, 0xcd]);
    file.read();
    const { address, offsets } = ring.batch;
    expect(Buffer.from(koffi.decode(address + BigInt(offsets[0]), koffi.array('uint8_t', 2))).toString('hex')).toBe(
      'abcd',
    );
  });

  test('there is room for 124 of the longest records in the smallest ring', () => {
    expect(fileOf(65_536).ring.capacity).toBe(124);
  });

  test('nothing is there: nothing is read, and counts of the read before are gone', () => {
    const { ring } = fileOf(65_536);
    expect(file.read()).toEqual([]);
    file.put(1, INTERIM | NO_PATH, [1]);
    expect(file.read().length).toBe(1);
    expect(file.read()).toEqual([]);
    expect([ring.interimReports, ring.withoutPath]).toEqual([0, 0]);
  });

  test('reading stops at a record that is being written, and goes on there', () => {
    fileOf(65_536);
    file.put(1, 0, [1]);
    const at = file.position;
    file.put(2, 0, [2], BUSY);
    file.put(3, 0, [3]);
    expect(file.read()).toEqual([[1, 0, [1]]]);
    file.ring.release();
    expect(file.released).toBe(at);
    expect(file.read()).toEqual([]);
    file.finish(at, 1);
    expect(file.read()).toEqual([
      [2, 0, [2]],
      [3, 0, [3]],
    ]);
  });

  test('a discarded record is passed over, and its memory given back', () => {
    fileOf(65_536);
    file.put(1, 0, [1]);
    file.put(2, INTERIM | NO_PATH, [2], DISCARDED);
    file.put(3, 0, [3]);
    expect(file.read().map(([kind]) => kind)).toEqual([1, 3]);
    expect([file.ring.interimReports, file.ring.withoutPath]).toEqual([0, 0]);
    file.ring.release();
    expect(file.released).toBe(file.position);
  });

  test('a read takes at most 256 records, and release gives back what has been read and no more', () => {
    fileOf(65_536);
    let at = 0n;
    for (let i = 0; i < 300; i++) {
      file.put(i, 0, [i & 255]);
      if (i === 255) at = file.position;
    }
    expect(file.read().map(([kind]) => kind)).toEqual(Array.from({ length: 256 }, (_, i) => i));
    expect(file.released).toBe(0n);
    file.ring.release();
    expect(file.released).toBe(at);
    expect(file.read().map(([kind]) => kind)).toEqual(Array.from({ length: 44 }, (_, i) => 256 + i));
    file.ring.release();
    expect(file.released).toBe(file.position);
  });

  test('round and round: a record over the end of the ring is in one piece', () => {
    fileOf(PAGE_OCTETS);
    let overTheEnd = 0;
    for (let i = 0; i < 2000; i++) {
      const data = Array.from({ length: 1 + (i % 200) }, (_, j) => (i + j) & 255);
      file.put(i, 0, data);
      expect(file.read()).toEqual([[i, 0, data]]);
      const end = file.ring.batch.offsets[0] + data.length;
      if (end > PAGE_OCTETS) overTheEnd++;
      file.ring.release();
      expect(file.released).toBe(file.position);
    }
    expect(overTheEnd).toBeGreaterThan(0);
  });

  test('positions go on beyond 31 and 32 bits', () => {
    fileOf(65_536);
    file.put(0, 0, [0]);
    file.read();
    for (let i = 1; i <= 9; i++) {
      file.skip(2 ** 30 - 1024);
      file.put(i, 0, [i, i]);
      expect(file.read()).toEqual([[i, 0, [i, i]]]);
      file.ring.release();
      expect(file.released).toBe(file.position);
    }
    expect(file.position).toBeGreaterThan(2n ** 33n);
  });

  test('the largest ring, of 2^30 octets: a record at its very end', () => {
    fileOf(2 ** 30);
    file.skip(2 ** 30 - 24);
    expect(file.read()).toEqual([]);
    file.ring.release();
    file.put(1, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    file.put(2, 0, [10]);
    expect(file.read()).toEqual([
      [1, 0, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
      [2, 0, [10]],
    ]);
    expect([...file.ring.batch.offsets.subarray(0, 2)]).toEqual([2 ** 30 - 8, 24]);
  });

  test('what cannot be mapped is an error with its name', () => {
    fileOf(65_536);
    expect(() => new RecordRing(-1, 65_536)).toThrow('mmap(ring): EBADF');
  });
});
