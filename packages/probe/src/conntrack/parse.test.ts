import { describe, expect, test } from 'vitest';
import {
  END_DETECTED,
  FORCED_END,
  HAS_COUNTERS,
  HAS_HELPER,
  HAS_LABELS,
  HAS_MASTER,
  HAS_PORTS,
  HAS_START,
  IDLE_TIMEOUT,
  type Observation,
  WORD_END_REASON,
  WORD_ID,
  WORD_KIND,
  WORD_MARK,
  WORD_PORTS,
  WORD_REPLY_PORTS,
  WORD_STATUS,
} from '../metering/observation.js';
import { counterWords } from '../metering/testing/records.js';
import * as C from './constants.js';
import { encode, type Message, NOW, parse } from './testing/message.js';

function parsed(m: Message, ended: boolean): Observation {
  const observation = parse(encode(m), ended);
  expect(observation).toBeDefined();
  return observation!;
}

describe('fields', () => {
  test('key, ports, zone and 64-bit counters of both directions', () => {
    const o = parsed(
      {
        zone: 5,
        counters: [
          [7, 0x1_0000_0002n],
          [9, 11n],
        ],
      },
      false,
    );
    expect(o.words[WORD_ID]).toBe(0xfedcba98);
    expect(o.words[WORD_KIND]).toBe((5 << 16) | (4 << 8) | C.TCP);
    expect([...o.bytes.subarray(8, 12), ...o.bytes.subarray(24, 28)]).toEqual([10, 0, 0, 2, 192, 0, 2, 9]);
    expect(o.words[WORD_PORTS]).toBe(((40000 << 16) | 443) >>> 0);
    expect(o.words[WORD_REPLY_PORTS]).toBe(((443 << 16) | 50000) >>> 0);
    expect(o.counters).toEqual(counterWords(2, 1, 7, 0, 11, 0, 9, 0));
    expect(o.has(HAS_COUNTERS)).toBe(true);
  });

  test('IPv6, and no counters where the kernel has none', () => {
    const o = parsed({ v6: true }, false);
    expect(o.family).toBe(6);
    expect([...o.bytes.subarray(8, 24)]).toEqual([0x20, 1, ...Array(13).fill(0), 1]);
    expect(o.has(HAS_COUNTERS)).toBe(false);
  });

  test('ICMP: identifier, type and code in place of ports', () => {
    expect(parsed({ protocol: C.ICMP }, false).words[WORD_PORTS]).toBe(((40000 << 16) | (8 << 8)) >>> 0);
  });

  test('mark and status', () => {
    const o = parsed({ mark: 0x80000001, status: 0xc18e }, true);
    expect([o.words[WORD_MARK], o.words[WORD_STATUS]]).toEqual([0x80000001, 0xc18e]);
  });

  test('labels, helper and master, which leave the connection itself as it is', () => {
    const o = parsed({ protocol: C.UDP, labels: [0x20, ...Array(15).fill(0)], helper: 'ftp', master: true }, false);
    expect([o.has(HAS_LABELS), o.labels[0], o.has(HAS_HELPER), o.helper]).toEqual([true, 0x20, true, 'ftp']);
    expect([...new Uint8Array(o.master.buffer).subarray(0, 4)]).toEqual([10, 0, 0, 2]);
    expect([o.has(HAS_MASTER), ...o.master.subarray(8)]).toEqual([true, C.TCP, ((40001 << 16) | 21) >>> 0]);
    expect([o.protocol, o.words[WORD_PORTS]]).toEqual([C.UDP, ((40000 << 16) | 443) >>> 0]);
  });

  test('labels that are all zero are none', () => {
    expect(parsed({ labels: Array(16).fill(0) }, false).has(HAS_LABELS)).toBe(false);
  });

  test('ports are known where the kernel tells them', () => {
    expect(parsed({ protocol: C.UDP }, false).has(HAS_PORTS)).toBe(true);
    expect(parsed({ protocol: C.ICMP }, false).has(HAS_PORTS)).toBe(false);
  });

  test('a live connection without a timestamp begins with the last packet before its first sight', () => {
    const o = parsed({ protocol: C.UDP, timeout: 110 }, false);
    expect([o.has(HAS_START), o.start, o.lastPacket]).toEqual([false, NOW - 9000, NOW - 9000]);
  });
});

describe('time of the last packet', () => {
  test('an expired connection: its timeout before its expiry, however late the kernel noticed', () => {
    const stop = NOW - 17_000;
    const o = parsed({ protocol: C.UDP, status: 0, start: stop - 90_000, stop }, true);
    expect(o.lastPacket).toBe(stop - 30_000);
    expect(parsed({ protocol: C.UDP, start: stop - 190_000, stop }, true).lastPacket).toBe(stop - 120_000);
  });

  test('never before the first packet', () => {
    const stop = NOW;
    expect(parsed({ protocol: C.UDP, start: stop - 1000, stop }, true).lastPacket).toBe(stop - 1000);
  });

  test('a connection that is cut short, or that lives: from the seconds that were left, rounded down by the kernel', () => {
    const start = NOW - 300_000;
    expect(parsed({ protocol: C.UDP, timeout: 110, start, stop: NOW }, true).lastPacket).toBe(NOW - 9000);
    expect(parsed({ protocol: C.TCP, state: 3, timeout: 431_999, start }, false).lastPacket).toBe(NOW);
  });

  test('TCP with unacknowledged data has a timer of 300 seconds in place of five days', () => {
    const start = NOW - 3_600_000;
    expect(parsed({ state: 3, timeout: 299, start }, false).lastPacket).toBe(NOW);
    expect(parsed({ state: 3, timeout: 289, start, stop: NOW }, true).lastPacket).toBe(NOW - 10_000);
    expect(parsed({ state: 3, start, stop: NOW }, true).lastPacket).toBe(NOW - 300_000);
  });

  test('without a start (timestamps off) the expiry still tells', () => {
    expect(parsed({ protocol: C.UDP, status: 0 }, true).lastPacket).toBe(NOW - 30_000);
  });
});

describe('flowEndReason', () => {
  const TIME_WAIT = 7;
  const ESTABLISHED = 3;
  test.each([
    ['UDP expired', { protocol: C.UDP }, IDLE_TIMEOUT],
    ['TCP expired in ESTABLISHED', { state: ESTABLISHED }, IDLE_TIMEOUT],
    ['TCP expired in TIME_WAIT: both sides had closed', { state: TIME_WAIT }, END_DETECTED],
    ['TCP removed in TIME_WAIT', { state: TIME_WAIT, timeout: 100 }, END_DETECTED],
    ['TCP removed in FIN_WAIT', { state: 4, timeout: 100 }, END_DETECTED],
    ['TCP half closed, then silent', { state: 4 }, IDLE_TIMEOUT],
    ['TCP removed in ESTABLISHED', { state: ESTABLISHED, timeout: 100 }, FORCED_END],
    ['UDP removed', { protocol: C.UDP, timeout: 20 }, FORCED_END],
  ])('%s', (_, message, reason) => {
    expect(parsed({ start: NOW - 500_000, stop: NOW, ...message }, true).words[WORD_END_REASON]).toBe(reason);
  });
});
