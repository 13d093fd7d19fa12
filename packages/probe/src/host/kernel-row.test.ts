import { describe, expect, test } from 'vitest';
import { Timeouts } from '../conntrack/timeouts.js';
import { KernelRow, ROW_OCTETS } from './kernel-row.js';

/** The row as the programs see it, in more memory than it takes. */
function rowOf(fill = 0): { row: KernelRow; view: DataView } {
  const memory = new ArrayBuffer(4096);
  new Uint8Array(memory).fill(fill);
  return { row: new KernelRow(memory), view: new DataView(memory) };
}

/** Octets that `act` changes: from the first to behind the last. */
function changed(act: (row: KernelRow) => void): [from: number, to: number] {
  const { row, view } = rowOf(0xa5);
  act(row);
  const octets = [...new Uint8Array(view.buffer)];
  return [
    octets.findIndex(octet => octet !== 0xa5),
    octets.length - octets.reverse().findIndex(octet => octet !== 0xa5),
  ];
}

const times = {
  tcp: Array.from({ length: 16 }, (_, i) => 100 + i),
  sctp: Array.from({ length: 16 }, (_, i) => 200 + i),
  tcpStalled: 301,
  udp: 302,
  udpStream: 303,
  icmp: 304,
  icmpv6: 305,
  gre: 306,
  greStream: 307,
  generic: 432_000,
};

// The places are those of struct namespace in bpf/meter.h, which asserts them for the programs.
describe('the programs find', () => {
  test('the report interval in nanoseconds', () => {
    const { row, view } = rowOf();
    row.setReportInterval(30_000);
    expect(view.getBigUint64(8, true)).toBe(30_000_000_000n);
    row.setReportInterval(0.5);
    expect(view.getBigUint64(8, true)).toBe(500_000n);
    row.setReportInterval(86_400_000);
    expect(view.getBigUint64(8, true)).toBe(86_400_000_000_000n);
  });

  test('until when has been exported, in nanoseconds', () => {
    const { row, view } = rowOf();
    row.setExportedUntil(1_767_323_045_678);
    expect(view.getBigUint64(16, true)).toBe(1_767_323_045_678_000_000n);
    row.setExportedUntil(0);
    expect(view.getBigUint64(16, true)).toBe(0n);
  });

  test('whether to adopt, and whether the sweep is the last', () => {
    const { row, view } = rowOf();
    const words = () => [view.getUint32(24, true), view.getUint32(28, true)];
    row.setAdopting(true);
    expect(words()).toEqual([1, 0]);
    row.setAdopting(false);
    expect(words()).toEqual([0, 0]);
    row.setLastSweep();
    expect(words()).toEqual([0, 1]);
  });

  test('which namespace it is, where its maps are, and whether it has VLANs', () => {
    const { row, view } = rowOf();
    row.setPlace(4_026_531_840, 3);
    row.setHasVlans(true);
    expect([32, 36, 40].map(place => view.getUint32(place, true))).toEqual([4_026_531_840, 3, 1]);
  });

  test('how long the kernel keeps connections', () => {
    const { row, view } = rowOf();
    row.setKeepingTimes(times);
    const words = Array.from({ length: 40 }, (_, i) => view.getUint32(104 + 4 * i, true));
    expect(words).toEqual([...times.tcp, ...times.sctp, 301, 302, 303, 304, 305, 306, 307, 432_000]);
  });

  test('the kernel’s own times: TCP’s by the state, the rest one by one', () => {
    const { row, view } = rowOf();
    row.setKeepingTimes(new Timeouts().keepingTimes);
    // TCP_CONNTRACK_ESTABLISHED is 3, SCTP_CONNTRACK_ESTABLISHED is 4.
    const places = [104 + 4 * 3, 104 + 64 + 4 * 4, 232, 236, 240, 244, 248, 252, 256, 260];
    const seconds = places.map(place => view.getUint32(place, true));
    expect(seconds).toEqual([432_000, 210, 300, 30, 120, 30, 30, 30, 180, 600]);
  });

  test.skipIf(process.platform !== 'linux')('how far the wall clock is from the monotonic one', () => {
    const { row, view } = rowOf();
    // Of several times the best: another process may have the CPU between two looks at a clock.
    const differences = Array.from({ length: 20 }, () => {
      row.setClock();
      const told = Number(view.getBigInt64(0, true)) / 1e6;
      // What Node.js counts this from is CLOCK_MONOTONIC on Linux.
      return Math.abs(told - (Date.now() - Number(process.hrtime.bigint()) / 1e6));
    });
    expect(Math.min(...differences)).toBeLessThan(5);
  });
});

test.each<[string, (row: KernelRow) => void, [number, number]]>([
  ['the report interval', row => row.setReportInterval(30_000), [8, 16]],
  ['until when', row => row.setExportedUntil(1_767_323_045_678), [16, 24]],
  ['adopting', row => row.setAdopting(true), [24, 28]],
  ['the last sweep', row => row.setLastSweep(), [28, 32]],
  ['its place', row => row.setPlace(4_026_531_840, 3), [32, 40]],
  ['that there are VLANs', row => row.setHasVlans(true), [40, 44]],
  ['the keeping times', row => row.setKeepingTimes(times), [104, ROW_OCTETS]],
])('nothing else is touched with %s', (_, act, place) => expect(changed(act)).toEqual(place));

test('counters are read where the programs count, 64 bits of them', () => {
  const { row, view } = rowOf();
  [1n, 2n ** 32n, 3n, 2n ** 53n - 1n, 4n, 5n].forEach((value, i) => {
    view.setBigUint64(56 + 8 * i, value, true);
  });
  expect(row.counters()).toEqual({
    lost: 1,
    overflows: 2 ** 32,
    adopted: 3,
    unseenEnds: 2 ** 53 - 1,
    counterResets: 5,
  });
});
