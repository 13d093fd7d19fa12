// Whatever the octets of a message are, reading it neither throws nor leaves the message, and what cannot be read is counted.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Host, NetlinkSocket } from '../host/host.js';
import { DatagramReader } from '../netlink/reader.js';
import { InterfaceTable } from './interfaces.js';
import { Neighbours } from './neighbours.js';
import { A_FLAGS, A_INTERFACE, RouteAnswer } from './route-answer.js';
import { RoutingTable } from './routing-table.js';
import { AF_INET, AF_INET6, RTM_NEWLINK, RTM_NEWNEIGH, RTM_NEWROUTE, RTM_NEWRULE } from './rtnetlink.js';

const HEADER_OCTETS = 16;

/** Octets of numbers in this machine's order. */
const halves = (...numbers: number[]): number[] => [...new Uint8Array(Uint16Array.from(numbers).buffer)];
const word = (number: number): number[] => [...new Uint8Array(Uint32Array.of(number).buffer)];

/** A message of this type behind its header. */
function message(type: number, payload: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(HEADER_OCTETS + payload.length);
  new Uint32Array(bytes.buffer, 0, 1)[0] = bytes.length;
  new Uint16Array(bytes.buffer, 4, 1)[0] = type;
  bytes.set(payload, HEADER_OCTETS);
  return bytes;
}

/** A socket that answers every request with these datagrams. */
function socketWith(datagrams: readonly Uint8Array[]): NetlinkSocket {
  const bytes = new Uint8Array(32_768).fill(0xff);
  const lengths = new Uint32Array(1);
  let next = 0;
  return {
    batch: { bytes, slotOctets: bytes.length, lengths },
    send: () => {},
    receive: () => {
      if (next === datagrams.length) return 0;
      bytes.set(datagrams[next]);
      lengths[0] = datagrams[next++].length;
      return 1;
    },
    drops: () => 0,
    setReliable: () => {},
    descriptor: -1,
    close: () => {},
  };
}

/** A host whose rtnetlink dumps are these messages and then an end. */
function hostWith(...messages: Uint8Array[]): Host {
  let time = 0;
  const refuse = () => {
    throw new Error('not part of this test');
  };
  return {
    clock: { wall: () => time, monotonic: () => (time += 100) },
    netlink: () => socketWith([...messages, message(3, [0, 0, 0, 0])]),
    datagrams: refuse,
    memory: refuse,
    poll: () => {},
    sleep: () => {},
    readText: () => undefined,
  };
}

function reader(bytes: Uint8Array): DatagramReader {
  const made = new DatagramReader(socketWith([bytes]));
  made.receive();
  made.select(0);
  made.messages.next();
  return made;
}

/** Octets, or attributes whose lengths are mostly right. */
const attribute = fc
  .tuple(fc.nat(35), fc.uint8Array({ maxLength: 24 }), fc.constantFrom(0, 0, 0, 0, -4, 1, 200))
  .map(([type, value, lie]) => {
    const padded = new Uint8Array((value.length + 3) & ~3);
    padded.set(value);
    return [Math.max(0, 4 + value.length + lie) & 0xff, 0, type, 0, ...padded];
  });
const payload = fc
  .tuple(
    fc.constantFrom(0, AF_INET, AF_INET6, 7),
    fc.uint8Array({ maxLength: 15 }),
    fc.array(attribute, { maxLength: 6 }),
  )
  .map(([family, fixed, attributes]) => [family, ...fixed, ...attributes.flat()]);

test.each([
  ['link', RTM_NEWLINK],
  ['neighbour', RTM_NEWNEIGH],
  ['route', RTM_NEWROUTE],
  ['rule', RTM_NEWRULE],
])('any %s message', (_, type) => {
  fc.assert(
    fc.property(payload, octets => {
      const bytes = message(type, octets);
      const host = hostWith(bytes);
      new InterfaceTable(host).load();
      new Neighbours(host).load();
      for (const family of [AF_INET, AF_INET6]) new RoutingTable(host, family, 4).load();
      const answer = new RouteAnswer();
      // Without a way there is nothing else.
      if (answer.read(reader(bytes)) && answer.words[A_FLAGS] === 0) expect(answer.words[A_INTERFACE]).toBe(0);
    }),
    { numRuns: 500 },
  );
});

describe('what is too short', () => {
  test.each([RTM_NEWLINK, RTM_NEWNEIGH])('a message of type %i is counted', type => {
    const host = hostWith(message(type, [0, 0, 0, 0]));
    const interfaces = new InterfaceTable(host);
    const neighbours = new Neighbours(host);
    interfaces.load();
    neighbours.load();
    expect([interfaces.list(), type === RTM_NEWLINK ? interfaces.malformed : neighbours.malformed]).toEqual([[], 1]);
  });

  test('a next hop that claims more than there is', () => {
    // struct rtmsg of a unicast route, then RTA_MULTIPATH with an entry of 200 octets.
    const fixed = [AF_INET, 24, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0];
    const answer = new RouteAnswer();
    expect(answer.read(reader(message(RTM_NEWROUTE, [...fixed, ...halves(12, 9, 200, 0), ...word(5)])))).toBe(false);
    expect(answer.read(reader(message(RTM_NEWROUTE, [...fixed, ...halves(12, 9, 8, 0), ...word(5)])))).toBe(true);
    expect(answer.words[A_INTERFACE]).toBe(5);
  });

  test('a dump that does not end, or that was interrupted, is no whole one', () => {
    expect(new RoutingTable(hostWith(), AF_INET, 4).load()).toBe(true);
    const interrupted = message(RTM_NEWROUTE, [AF_INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    new Uint16Array(interrupted.buffer)[3] = 0x10;
    expect(new RoutingTable(hostWith(interrupted), AF_INET, 4).load()).toBe(false);
    const silent: Host = { ...hostWith(), netlink: () => socketWith([]) };
    expect(new RoutingTable(silent, AF_INET, 4).load()).toBe(false);
  });
});
