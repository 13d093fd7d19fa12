import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { netflowBootTimes } from './boot-time.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-lab-boot-'));
afterAll(() => rmSync(folder, { recursive: true }));

const boot = 1_700_000_000_000;

/** An Ethernet frame with a NetFlow header in UDP; v9 has no fraction of a second. */
function frame(version: 5 | 9, port: number, upTime: number): Buffer {
  const bytes = Buffer.alloc(14 + 20 + 8 + 24);
  bytes.writeUInt16BE(0x0800, 12);
  bytes[14] = 0x45;
  bytes[23] = 17;
  bytes.writeUInt16BE(port, 36);
  const now = boot + upTime;
  bytes.writeUInt16BE(version, 42);
  bytes.writeUInt32BE(upTime, 46);
  bytes.writeUInt32BE(Math.floor(now / 1000), 50);
  bytes.writeUInt32BE(version === 5 ? (now % 1000) * 1e6 : 4711, 54);
  return bytes;
}

function capture(frames: Buffer[]): string {
  const header = Buffer.from('d4c3b2a1020004000000000000000000000004000100' + '0000', 'hex');
  const packets = frames.flatMap(data => {
    const before = Buffer.alloc(16);
    before.writeUInt32LE(data.length, 8);
    before.writeUInt32LE(data.length, 12);
    return [before, data];
  });
  const file = join(folder, 'netflow.pcap');
  writeFileSync(file, Buffer.concat([header, ...packets]));
  return file;
}

const second = (upTime: number): number => Math.floor((boot + upTime) / 1000);

test('NetFlow v5 tells it to the millisecond', () => {
  expect(netflowBootTimes(capture([frame(5, 4739, 12_345)]), 4739)).toEqual(new Map([[second(12_345), boot]]));
});

test('of NetFlow v9, in whole seconds, the latest is the nearest', () => {
  const found = netflowBootTimes(capture([900, 1990, 3020].map(each => frame(9, 4739, each))), 4739);
  expect(found).toEqual(new Map([900, 1990, 3020].map(each => [second(each), boot - 20])));
});

test('an exporter that counts anew is believed datagram by datagram', () => {
  const later = frame(5, 4739, 20_000);
  later.writeUInt32BE(5000, 46);
  const found = netflowBootTimes(capture([frame(5, 4739, 10_000), later]), 4739);
  expect([...found.values()]).toEqual([boot, boot + 15_000]);
});

test('datagrams to other ports tell nothing', () => {
  expect(netflowBootTimes(capture([frame(5, 53, 1000)]), 4739).size).toBe(0);
});
