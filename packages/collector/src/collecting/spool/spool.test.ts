import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { peerOfText } from '../peer.js';
import { newSession } from '../sessions.js';
import { until } from '../testing/exporter.js';
import { SpoolDirectory, spoolName, spoolsIn } from './directory.js';
import { ENTRY_HEADER, KIND, SEGMENT_OCTETS } from './format.js';
import { Progress } from './progress.js';
import { RawSpoolReader, segmentsIn } from './reader.js';
import { RawSpoolWriter } from './writer.js';

const exporter = peerOfText('192.0.2.7', 40_000);
const other = peerOfText('2001:db8::1', 65_535);

let directory: string;
let progress: Progress;
let told: string[];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-raw-'));
  progress = new Progress();
  told = [];
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function writing(limit = 1 << 30): RawSpoolWriter {
  return new RawSpoolWriter({ directory, limit, progress, written() {}, room() {}, log: line => told.push(line) });
}

/** A datagram with its number in front. */
function datagram(number: number, length = 1400): Uint8Array {
  const octets = Buffer.alloc(length, number & 0xff);
  octets.writeUInt32LE(number);
  return octets;
}

function numbers(reader: RawSpoolReader): number[] {
  const found: number[] = [];
  while (reader.next()) found.push(Buffer.from(reader.octets).readUInt32LE());
  return found;
}

const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i);

describe('what is written is what is read', () => {
  test('datagrams, Messages of connections and their ends, with all that belongs to them', () => {
    const writer = writing();
    const session = newSession(other, 'sctp', 0);
    writer.datagram(Uint8Array.of(1, 2, 3), exporter, 1_700_000_000_123);
    writer.message(session, new Uint8Array(65_535).fill(9), 5, 77, 12);
    writer.end(session, 6, 77);
    writer.flush();
    const reader = new RawSpoolReader(directory, 0, () => progress.written);
    expect(reader.next()).toBe(true);
    expect(reader).toMatchObject({ kind: KIND.datagram, time: 1_700_000_000_123, protocol: 'udp', peer: exporter });
    expect([...reader.octets]).toEqual([1, 2, 3]);
    expect(reader.next()).toBe(true);
    expect(reader).toMatchObject({
      kind: KIND.message,
      time: 5,
      connection: 77,
      stream: 12,
      protocol: 'sctp',
      peer: other,
    });
    expect(reader.octets).toEqual(new Uint8Array(65_535).fill(9));
    expect(reader.next()).toBe(true);
    expect(reader).toMatchObject({ kind: KIND.end, connection: 77 });
    expect(reader.next()).toBe(false);
    expect(reader.position).toBe(progress.written);
    reader.close();
    writer.close();
  });

  test('over many segments, while it is written, and again from any position', () => {
    const writer = writing();
    const reader = new RawSpoolReader(directory, 0, () => progress.written);
    const positions: number[] = [];
    const found: number[] = [];
    for (let i = 0; i < 30_000; i++) {
      writer.datagram(datagram(i), exporter, i);
      if (i % 97 === 0) writer.flush();
      if (i % 1009 !== 0) continue;
      while (reader.next()) {
        found.push(Buffer.from(reader.octets).readUInt32LE());
        positions.push(reader.position);
      }
    }
    writer.flush();
    while (reader.next()) {
      found.push(Buffer.from(reader.octets).readUInt32LE());
      positions.push(reader.position);
    }
    expect(found).toEqual(upTo(30_000));
    expect(segmentsIn(directory)).toHaveLength(Math.ceil(progress.written / (SEGMENT_OCTETS + 1400 * 97)));
    for (const from of [0, 1, 96, 97, 98, 11_000, 29_998, 29_999]) {
      const again = new RawSpoolReader(directory, positions[from]!);
      expect(numbers(again)).toEqual(upTo(30_000, from + 1));
      expect(again.torn).toBe(0);
      again.close();
    }
    reader.close();
    writer.close();
  });
});

describe('a crash', () => {
  /** Ten chunks of ten datagrams; the path of their segment. */
  function tenChunks(): string {
    const writer = writing();
    for (let i = 0; i < 100; i++) {
      writer.datagram(datagram(i, 100), exporter, i);
      if (i % 10 === 9) writer.flush();
    }
    writer.close();
    return join(directory, readdirSync(directory)[0]!);
  }

  function found(): { numbers: number[]; torn: number } {
    const reader = new RawSpoolReader(directory, 0);
    const all = numbers(reader);
    reader.close();
    return { numbers: all, torn: reader.torn };
  }

  test('that cuts the last append short anywhere takes that append and no other, and is told of', () => {
    const path = tenChunks();
    const whole = readFileSync(path);
    const chunk = whole.length / 10;
    for (const missing of [1, 37, 200, chunk - 13, chunk - 1]) {
      truncateSync(path, whole.length - missing);
      expect(found()).toEqual({ numbers: upTo(90), torn: chunk - missing });
      writeFileSync(path, whole);
    }
    truncateSync(path, whole.length - chunk);
    expect(found()).toEqual({ numbers: upTo(90), torn: 0 });
  });

  test('of the machine that leaves other octets is found by the checksum, and nothing behind it is believed', () => {
    const path = tenChunks();
    const bytes = readFileSync(path);
    const chunk = bytes.length / 10;
    bytes[chunk * 8 + 500]! ^= 1;
    writeFileSync(path, bytes);
    appendFileSync(path, new Uint8Array(50));
    expect(found()).toEqual({ numbers: upTo(80), torn: 2 * chunk + 50 });
  });
});

describe('bounds', () => {
  test('a full spool drops datagrams by count and has no room for Messages, until something is freed', () => {
    const entry = ENTRY_HEADER + 1000;
    const writer = writing(4 << 20);
    const fitting = Math.floor((4 << 20) / entry);
    for (let i = 0; i < fitting + 100; i++) writer.datagram(datagram(i, 1000), exporter, 0);
    writer.flush();
    expect(writer.drops.full).toBeGreaterThanOrEqual(100);
    expect(writer.drops.full).toBeLessThan(110);
    // These datagrams are no Messages.
    expect(writer.exporterDrops.list()).toEqual([]);
    expect(progress.written).toBeLessThanOrEqual(4 << 20);
    expect(writer.room()).toBe(false);
    progress.freed = 100_000;
    expect(writer.room()).toBe(true);
    writer.close();
    const reader = new RawSpoolReader(directory, 0);
    expect(numbers(reader)).toHaveLength(fitting + 100 - writer.drops.full);
    reader.close();
  });

  test('what the disk does not take waits in memory up to a bound, is taken in its order later, and is said once', async () => {
    const writer = writing();
    rmSync(directory, { recursive: true });
    for (let i = 0; i < 30_000; i++) writer.datagram(datagram(i), exporter, 0);
    writer.flush();
    expect(writer.problem).toMatch(/^ENOENT/);
    expect(writer.room()).toBe(false);
    expect([progress.written, writer.drops.full]).toEqual([0, 0]);
    const kept = 30_000 - writer.drops.disk;
    expect((kept * (ENTRY_HEADER + 1400)) / 2 ** 20).toBeGreaterThan(31);
    expect((kept * (ENTRY_HEADER + 1400)) / 2 ** 20).toBeLessThanOrEqual(32);
    mkdirSync(directory);
    await until(() => writer.problem === undefined && writer.room());
    writer.datagram(datagram(30_000), exporter, 0);
    writer.close();
    const reader = new RawSpoolReader(directory, 0);
    expect(numbers(reader)).toEqual([...upTo(kept), 30_000]);
    reader.close();
    expect(told).toEqual([
      expect.stringMatching(/^cannot write what arrives to the raw spool: ENOENT.*; make room on the disk$/),
      `the raw spool can be written again; ${30_000 - kept} datagrams were dropped for it since the start`,
    ]);
  });

  test('who sleeps is woken once, and not at all who is awake', () => {
    expect(progress.takeSleeper()).toBe(false);
    progress.fallAsleep();
    expect([new Progress(progress.memory).takeSleeper(), progress.takeSleeper()]).toEqual([true, false]);
  });
});

describe('blocks and state', () => {
  const batch = (octet: number) => ({
    block: [Uint8Array.of(octet), Uint8Array.of(1, 2)],
    rows: octet,
    from: 10,
    to: 20,
  });
  const sessions = '{"version":1,"streams":[]}';

  test('what is committed is found after a crash, what is not is thrown away', () => {
    const spool = SpoolDirectory.make(join(directory, spoolName(1, 0)));
    expect(spool.state()).toBeUndefined();
    const first = spool.write(batch(7));
    expect(first).toMatchObject({ octets: 3, rows: 7, from: 10, to: 20 });
    expect([...readFileSync(first.path)]).toEqual([7, 1, 2]);
    spool.commit(100, sessions);
    spool.commit(150, undefined);
    const [second, third] = [spool.write(batch(8)), spool.write(batch(9))];
    spool.commit(200, undefined);
    // Killed behind the block and before the state.
    spool.write(batch(6));
    const [again] = spoolsIn(directory);
    expect(again!.blocks()).toEqual([first, second, third]);
    expect(again!.state()).toMatchObject({ position: 200, block: 3, savedAt: 100 });
    const names = [first, second, third].map(({ path }) => path.split('/').at(-1));
    expect(readdirSync(again!.path).sort()).toEqual([...names, 'state.json']);
    expect(again!.write(batch(5)).path).toBe(join(again!.path, '00000004.5.10.20.native'));
    again!.commit(300, sessions);
    expect(again!.neededFrom).toBe(300);
    expect(again!.blocks()).toHaveLength(4);
  });

  test('a block that cannot be written leaves the state as it was', () => {
    const spool = SpoolDirectory.make(join(directory, spoolName(1, 0)));
    spool.commit(100, sessions);
    rmSync(spool.path, { recursive: true });
    expect(() => spool.write(batch(2))).toThrow(/ENOENT/);
    expect(() => spool.commit(200, sessions)).toThrow(/ENOENT/);
    expect(spool.neededFrom).toBe(100);
  });

  test('spools of earlier runs come in their order, and empty ones go', () => {
    const names = [spoolName(2 ** 40, 0), spoolName(2 ** 40 - 1, 11), spoolName(2 ** 40 - 1, 2), spoolName(5, 0)];
    for (const name of names) SpoolDirectory.make(join(directory, name));
    for (const name of names.slice(0, 3)) writeFileSync(join(directory, name, 'state.json'), '{}');
    expect(spoolsIn(directory).map(spool => spool.path)).toEqual([2, 1, 0].map(i => join(directory, names[i]!)));
    expect(readdirSync(directory)).toHaveLength(3);
  });

  test('segments of which nothing is needed any more are removed, but for the newest', () => {
    const spool = SpoolDirectory.make(join(directory, spoolName(1, 0)));
    const writer = new RawSpoolWriter({
      directory: spool.path,
      limit: 1 << 30,
      progress,
      written() {},
      room() {},
      log() {},
    });
    for (let i = 0; i < 40_000; i++) writer.datagram(datagram(i), exporter, 0);
    writer.close();
    const starts = segmentsIn(spool.path);
    expect(starts).toHaveLength(4);
    spool.commit(starts[2]! - 1, sessions);
    spool.free();
    expect(segmentsIn(spool.path)).toEqual(starts.slice(1));
    spool.commit(progress.written, sessions);
    spool.free();
    expect(segmentsIn(spool.path)).toEqual(starts.slice(3));
  });
});
