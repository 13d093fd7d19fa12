import { type Operator, octetRange, parseAddress, parseNetwork } from '@weir/flow';
import { FlowRecord } from '../../metering/flow-record.js';
import { identify } from '../../metering/identify.js';
import {
  HAS_COUNTERS,
  HAS_PORTS,
  Observation,
  WORD_DESTINATION,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
} from '../../metering/observation.js';
import { counterWords } from '../../metering/testing/records.js';

const ICMP = 1;
const ICMPV6 = 58;
const GRE = 47;
export const V4 = ['10.0.0.1', '10.0.0.2', '10.1.255.255', '192.0.2.9', '0.0.0.0', '255.255.255.255'];
export const V6 = ['2001:db8::1', '2001:db8:0:1::', '2001:db8:ffff::1', 'fe80::1', '::'];
const NETWORKS = ['10.0.0.0/8', '10.0.0.0/31', '0.0.0.0/0', '::/0', '2001:db8::/48', '2001:db8::/33', 'fe80::/10'];

/** A pseudo-random number from 0 to `limit` - 1: the same ones in each run. */
export type Random = (limit: number) => number;

export function seeded(seed: number): Random {
  let state = seed;
  return limit => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)];
}

export function octetsOf(address: string): Uint8Array {
  if (parseAddress(address) === undefined) throw new Error(`${address} is no address`);
  return octetRange(parseNetwork(address)![0]).low;
}

/** A connection as ctnetlink tells of it. */
export function randomObservation(random: Random): Observation {
  const v6 = random(2) === 1;
  const protocol = pick(random, [v6 ? ICMPV6 : ICMP, 6, 6, 17, 17, GRE, 50, 132]);
  const o = new Observation();
  o.words[WORD_ID] = random(2 ** 32);
  o.words[WORD_KIND] = ((v6 ? 6 : 4) << 8) | protocol;
  const addresses = v6 ? V6 : V4;
  const put = (word: number, address: string) => o.bytes.set(octetsOf(address), word * 4);
  const [source, destination] = [pick(random, addresses), pick(random, addresses)];
  put(WORD_SOURCE, source);
  put(WORD_DESTINATION, destination);
  put(WORD_REPLY_SOURCE, random(3) === 0 ? pick(random, addresses) : destination);
  put(WORD_REPLY_DESTINATION, random(3) === 0 ? pick(random, addresses) : source);
  const port = () => pick(random, [0, 53, 80, 443, 1000, 65535]);
  const [sourcePort, destinationPort] = [port(), port()];
  o.words[WORD_PORTS] = (sourcePort << 16) | destinationPort;
  o.words[WORD_REPLY_PORTS] = (destinationPort << 16) | sourcePort;
  if (protocol !== ICMP && protocol !== ICMPV6 && protocol !== 50) o.words[WORD_FLAGS] |= HAS_PORTS;
  if (random(4) > 0) o.words[WORD_FLAGS] |= HAS_COUNTERS;
  o.counters.set(
    counterWords(...Array.from({ length: 8 }, (_, i) => pick(random, [0, 1, 80, 1000, i % 2 ? 0 : 2 ** 31]))),
  );
  return o;
}

/** The Flow Record of such a connection. */
export function recordOf(o: Observation, random: Random): FlowRecord {
  const record = new FlowRecord();
  identify(record, o);
  record.counters.set(o.counters);
  record.start = pick(random, [Number.NaN, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 0.25]);
  record.end = Date.UTC(2026, 0, 1) + pick(random, [0, 500.75, 10_000, 60_000]);
  record.intervalStart = pick(random, [Number.NaN, Date.UTC(2026, 0, 1)]);
  record.flowEndReason = 1 + random(4);
  return record;
}

const COMPARISONS: readonly Operator[] = ['=', '!=', '<', '>', '<=', '>='];

/** Conditions on what a Flow Key has. */
function keyCondition(random: Random): string {
  const side = pick(random, ['', 'src ', 'dst ']);
  switch (random(6)) {
    case 0:
      return `${side}host ${pick(random, [...V4, ...V6])}`;
    case 1:
      return `${side}net ${pick(random, NETWORKS)}`;
    case 2:
      return `${side}port ${pick(random, ['80', '443', '> 79', '<= 443', '< 0', 'in (53, 80)', '>= 65535'])}`;
    case 3:
      return `proto ${pick(random, ['tcp', 'udp', '58', '!= icmp', 'in (tcp, udp)', 'not in (tcp, 17)', '> 17', '< 300'])}`;
    case 4:
      return `${pick(random, ['src', 'sourceIPv6Address', 'destinationIPv4Address'])} ${pick(random, ['=', '!='])} ${pick(random, [...V4, ...V6, ...NETWORKS])}`;
    default:
      return `${pick(random, ['srcport', 'destinationTransportPort'])} ${pick(random, COMPARISONS)} ${pick(random, ['0', '443', '65535', '65536'])}`;
  }
}

/** Conditions on what else a Flow Record has. */
function otherCondition(random: Random): string {
  const operator = pick(random, COMPARISONS);
  switch (random(6)) {
    case 0:
      return pick(random, ['answered', 'nat', 'icmptypecode = 80', 'reason in (1, 2)', 'ipversion = 6', 'domain = 1']);
    case 1:
      return `duration ${operator} ${pick(random, ['0s', '500ms', '10s', '1d'])}`;
    case 2:
      return `${pick(random, ['octets', 'reversepackets', 'packetDeltaCount'])} ${operator} ${pick(random, ['0', '80', '1k', '2147483648', '6442450944', '9223372036854775808'])}`;
    case 3:
      return `${pick(random, ['start', 'flowEndMilliseconds', 'intervalstart'])} ${operator} 2026-01-01T00:00:00${pick(random, ['Z', '.500Z'])}`;
    case 4:
      return `has ${pick(random, ['src', 'sourceIPv6Address', 'srcport', 'natdst', 'octets', 'icmptypecode', 'reason', 'duration', 'domain'])}`;
    default:
      return `${pick(random, ['natsrc', 'postNATDestinationIPv4Address'])} ${pick(random, ['=', '!='])} ${pick(random, [...V4, ...V6, ...NETWORKS])}`;
  }
}

/** A filter of the language. @param depth of nesting */
export function randomFilter(random: Random, depth: number): string {
  switch (depth === 0 ? 0 : random(4)) {
    case 1:
      return `${randomFilter(random, depth - 1)} and ${randomFilter(random, depth - 1)}`;
    case 2:
      return `(${randomFilter(random, depth - 1)} or ${randomFilter(random, depth - 1)})`;
    case 3:
      return `not (${randomFilter(random, depth - 1)})`;
    default:
      return random(3) === 0 ? otherCondition(random) : keyCondition(random);
  }
}
