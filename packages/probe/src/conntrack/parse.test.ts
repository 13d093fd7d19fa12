import fc from 'fast-check';
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
  Observation,
  WORD_COUNTERS,
  WORD_END_REASON,
  WORD_ID,
  WORD_KIND,
  WORD_MARK,
  WORD_PORTS,
  WORD_REPLY_PORTS,
  WORD_STATUS,
} from '../metering/observation.js';
import type { MessageOctets } from '../netlink/reader.js';
import { NetlinkWriter } from '../netlink/writer.js';
import { AnyAttribute } from './any-attribute.js';
import * as C from './constants.js';
import { ConntrackParser } from './parse.js';
import { Timeouts } from './timeouts.js';
import { setTimes } from './times.js';

const NOW = 1_800_000_000_000;
const ASSURED = C.IPS_SEEN_REPLY | C.IPS_ASSURED;

interface Message {
  protocol?: number;
  v6?: boolean;
  status?: number;
  timeout?: number;
  state?: number;
  start?: number;
  stop?: number;
  counters?: [packets: number, octets: bigint][];
  padded?: boolean;
  zone?: number;
  mark?: number;
  labels?: number[];
  helper?: string;
  master?: boolean;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

function tuple(type: number, m: Message, source: number[], destination: number[], ports: [number, number]) {
  const v6 = m.v6 ?? false;
  return (writer: NetlinkWriter) =>
    writer.nested(type, nest =>
      nest
        .nested(C.CTA_TUPLE_IP, ip =>
          ip
            .attribute(v6 ? C.CTA_IP_V6_SRC : C.CTA_IP_V4_SRC, Uint8Array.from(source))
            .attribute(v6 ? C.CTA_IP_V6_DST : C.CTA_IP_V4_DST, Uint8Array.from(destination)),
        )
        .nested(C.CTA_TUPLE_PROTO, proto => {
          proto.u8(C.CTA_PROTO_NUM, m.protocol ?? C.TCP);
          if (m.protocol === C.ICMP) {
            proto.u16(C.CTA_PROTO_ICMP_ID, ports[0]).u8(C.CTA_PROTO_ICMP_TYPE, 8).u8(C.CTA_PROTO_ICMP_CODE, 0);
          } else proto.u16(C.CTA_PROTO_SRC_PORT, ports[0]).u16(C.CTA_PROTO_DST_PORT, ports[1]);
        }),
    );
}

function nanoseconds(milliseconds: number): Uint8Array {
  return u64(BigInt(milliseconds) * 1_000_000n);
}

/** A ctnetlink message as the kernel writes it (ctnetlink_fill_info, ctnetlink_conntrack_event). */
function encode(m: Message): Uint8Array {
  const client = m.v6 ? [0x20, 1, ...Array(13).fill(0), 1] : [10, 0, 0, 2];
  const server = m.v6 ? [0x20, 1, ...Array(13).fill(0), 9] : [192, 0, 2, 9];
  const router = m.v6 ? [0x20, 2, ...Array(13).fill(0), 1] : [198, 51, 100, 1];
  const writer = new NetlinkWriter().begin(0x102, 0, 0, m.v6 ? 10 : 2);
  tuple(C.CTA_TUPLE_ORIG, m, client, server, [40000, 443])(writer);
  tuple(C.CTA_TUPLE_REPLY, m, server, router, [443, 50000])(writer);
  writer.u32(C.CTA_ID, 0xfedcba98).u32(C.CTA_STATUS, m.status ?? ASSURED);
  if (m.timeout !== undefined) writer.u32(C.CTA_TIMEOUT, m.timeout);
  m.counters?.forEach(([packets, octets], direction) => {
    const pad = (nest: NetlinkWriter) => (m.padded ? nest.attribute(C.CTA_COUNTERS_PAD, new Uint8Array(0)) : nest);
    writer.nested(direction === 0 ? C.CTA_COUNTERS_ORIG : C.CTA_COUNTERS_REPLY, nest => {
      pad(nest).attribute(C.CTA_COUNTERS_PACKETS, u64(BigInt(packets)));
      pad(nest).attribute(C.CTA_COUNTERS_BYTES, u64(octets));
    });
  });
  if (m.start !== undefined) {
    writer.nested(C.CTA_TIMESTAMP, nest => {
      nest.attribute(C.CTA_TIMESTAMP_START, nanoseconds(m.start!));
      if (m.stop !== undefined) nest.attribute(C.CTA_TIMESTAMP_STOP, nanoseconds(m.stop));
    });
  }
  if (m.state !== undefined) {
    writer.nested(C.CTA_PROTOINFO, info => info.nested(1, tcp => tcp.u8(C.CTA_PROTOINFO_STATE, m.state!)));
  }
  if (m.zone !== undefined) writer.u16(C.CTA_ZONE, m.zone);
  if (m.mark !== undefined) writer.u32(C.CTA_MARK, m.mark);
  if (m.labels !== undefined) writer.attribute(C.CTA_LABELS, Uint8Array.from(m.labels));
  if (m.helper !== undefined) writer.nested(C.CTA_HELP, help => help.text(C.CTA_HELP_NAME, m.helper!));
  if (m.master) tuple(C.CTA_TUPLE_MASTER, { ...m, protocol: C.TCP }, client, server, [40001, 21])(writer);
  return writer.end().bytes().slice(16);
}

function octetsOf(body: Uint8Array): MessageOctets {
  const bytes = new Uint8Array((body.length + 3) & ~3);
  bytes.set(body);
  return { bytes, halves: new Uint16Array(bytes.buffer), words: new Int32Array(bytes.buffer) };
}

/** @param end of the message: what lies behind it is left of another */
function parse(body: Uint8Array, ended: boolean, end = body.length): Observation | undefined {
  const observation = new Observation();
  const parser = new ConntrackParser(new Timeouts());
  const good = parser.parse(octetsOf(body), 0, end, observation, ended, NOW);
  return good ? observation : undefined;
}

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
    expect([...o.words.subarray(WORD_COUNTERS, WORD_COUNTERS + 8)]).toEqual([2, 1, 7, 0, 11, 0, 9, 0]);
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

/** As ConntrackParser, but takes no attribute by its place. */
function parseAnyhow(body: Uint8Array, end = body.length): Observation | undefined {
  const o = new Observation();
  if (end < 4) return undefined;
  o.words[WORD_KIND] = (body[0] === 10 ? 6 : 4) << 8;
  const any = new AnyAttribute();
  for (let at = 1; at < end >> 2; ) {
    at = any.take(octetsOf(body), at, end, o);
    if (at < 0) return undefined;
  }
  setTimes(o, any.stop, true, NOW, new Timeouts());
  return o.protocol !== 0 ? o : undefined;
}

describe('what is taken by its place is what is there', () => {
  const whole = (v6: boolean, padded: boolean) =>
    encode({
      v6,
      padded,
      counters: [
        [1, 2n],
        [3, 0xfedc_ba98_7654n],
      ],
      state: 7,
      timeout: 5,
      mark: 0x8000_0001,
    });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('IPv6 %s, padded %s: whole, cut and with wrong octets', (v6, padded) => {
    const body = whole(v6, padded);
    expect(parse(body, true)?.words).toEqual(parseAnyhow(body)?.words);
    expect(parse(body, true)?.words[WORD_MARK]).toBe(0x8000_0001);
    const wrong = fc.array(fc.tuple(fc.nat(body.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(1, 2, 4, 8, 128))));
    fc.assert(
      fc.property(wrong, fc.nat(body.length), (changes, length) => {
        const hostile = body.slice();
        const end = changes.length % 2 === 0 ? length : body.length;
        for (const [at, octet] of changes.slice(0, 3)) hostile[at] = octet;
        expect(parse(hostile, true, end)?.words).toEqual(parseAnyhow(hostile, end)?.words);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hostile bytes', () => {
  test('every truncation is refused or parsed, none throws or reads past the end', () => {
    const whole = encode({
      counters: [
        [1, 1n],
        [1, 1n],
      ],
      start: NOW,
      state: 3,
      timeout: 5,
      mark: 1,
      labels: Array(16).fill(1),
      helper: 'sip',
      master: true,
    });
    for (let length = 0; length < whole.length; length++)
      expect(() => parse(whole.slice(0, length), true)).not.toThrow();
    expect(parse(whole.slice(0, 3), true)).toBeUndefined();
  });

  test('an address of the wrong length is refused', () => {
    const body = new NetlinkWriter()
      .begin(0x102, 0, 0, 2)
      .nested(C.CTA_TUPLE_ORIG, nest =>
        nest.nested(C.CTA_TUPLE_IP, ip => ip.attribute(C.CTA_IP_V4_SRC, new Uint8Array(40))).nested(2, p => p.u8(1, 6)),
      )
      .end()
      .bytes()
      .slice(16);
    expect(parse(body, true)).toBeUndefined();
  });
});
