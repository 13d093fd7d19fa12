import { expect, test } from 'vitest';
import { Detectors } from './detectors.js';
import type { AnswerSums, Interval, PairSums, ServiceSums, TargetSums } from './interval.js';
import { defaultThresholds } from './thresholds.js';

const START = Date.parse('2026-03-01T12:00:00Z');
const LOOK = 2000;
const MINUTES = 60_000;

/** A flow that began. */
interface Contact {
  readonly source: string;
  readonly target: string;
  /** Such as `tcp/22`. */
  readonly service: string;
  readonly failed: boolean;
  /** Of the whole look; default 1. */
  readonly packets?: number;
}

/** Sums contacts up as the store does. */
function intervalOf(contacts: readonly Contact[], i: number, answers: readonly AnswerSums[] = []): Interval {
  const begin = START + i * LOOK;
  return { begin, end: begin + LOOK, ...sumsOf(contacts), answers };
}

function sumsOf(contacts: readonly Contact[]): Pick<Interval, 'pairs' | 'services' | 'targets'> {
  const pairs = grouped(contacts, ({ source, target }) => `${source} ${target}`).map((of): PairSums => {
    const { source, target } = of[0]!;
    return { source, target, ...split(of, ({ service }) => service) };
  });
  const services = grouped(contacts, ({ source, service }) => `${source} ${service}`).map((of): ServiceSums => {
    const { source, service } = of[0]!;
    return { source, service, ...split(of, ({ target }) => target) };
  });
  const targets = grouped(contacts, ({ target }) => target).map(targetOf);
  const fails = ({ failed }: PairSums | ServiceSums) => failed.length > 0;
  return { pairs: pairs.filter(fails), services: services.filter(fails), targets };
}

function grouped(contacts: readonly Contact[], key: (contact: Contact) => string): Contact[][] {
  const groups = new Map<string, Contact[]>();
  for (const contact of contacts) {
    const group = groups.get(key(contact));
    if (group === undefined) groups.set(key(contact), [contact]);
    else group.push(contact);
  }
  return [...groups.values()];
}

function split(contacts: readonly Contact[], name: (contact: Contact) => string) {
  const names = (failed: boolean) =>
    [...new Set(contacts.filter(each => each.failed === failed).map(name))].slice(0, 128);
  return { failed: names(true), answered: names(false) };
}

function targetOf(contacts: readonly Contact[]): TargetSums {
  const failed = contacts.filter(each => each.failed);
  const of = (protocol: string) => failed.filter(({ service }) => service.startsWith(protocol)).length;
  const sources = new Set(failed.map(({ source }) => source));
  return {
    ...{ target: contacts[0]!.target, tcp: of('tcp'), udp: of('udp'), icmp: of('icmp'), other: 0 },
    answered: contacts.length - failed.length,
    packets: failed.reduce((sum, { packets = 1 }) => sum + packets, 0),
    ...{ sources: sources.size, source: [...sources][0] ?? '::' },
    ports: new Set(failed.map(({ service }) => service)).size,
    spread: LOOK,
  };
}

/** What begins an event within so many minutes of such looks. */
function found(minutes: number, look: (i: number) => readonly Contact[], answers?: (i: number) => AnswerSums[]) {
  const detectors = new Detectors(defaultThresholds);
  const kinds = new Map<string, string>();
  for (let i = 0; i < (minutes * MINUTES) / LOOK; i++) {
    for (const finding of detectors.take(intervalOf(look(i), i, answers?.(i)))) {
      const { form = '', source = '', target = '', service = '', kind } = finding;
      if (finding.strength >= 1) kinds.set(finding.key, [kind, form, source, target, service].join(' ').trim());
    }
  }
  return [...kinds.values()];
}

/** A chance that is the same each time. */
function chance(a: number, b: number): number {
  const x = Math.sin(a * 12.9898 + b * 78.233) * 43_758.5453;
  return x - Math.floor(x);
}

const many = <T>(count: number, of: (i: number) => T) => Array.from({ length: count }, (_, i) => of(i));
const host = (i: number) => `198.51.${i >> 8}.${i & 255}`;

test('a scan of ports is found, closed or dropped, quick or slow', () => {
  const scan = (ports: number) => (i: number) =>
    many(ports, n => ({ source: 's', target: 't', service: `tcp/${1 + i * ports + n}`, failed: true }));
  expect(found(1, scan(50))).toEqual(['scan ports s t']);
  // A port in ten seconds.
  expect(found(10, i => (i % 5 === 0 ? scan(1)(i) : []))).toEqual(['scan ports s t']);
  // One in twenty ports is open, and who scans is logged in there besides.
  const some = (i: number) =>
    scan(20)(i).map(each => ({ ...each, failed: chance(i, Number(each.service.slice(4))) > 0.05 }));
  const open = { source: 's', target: 't', service: 'tcp/22', failed: false };
  expect(found(1, i => [...some(i), open])).toEqual(['scan ports s t']);
});

test('a sweep of addresses is found, on one port or on some', () => {
  const sweep = (services: readonly string[]) => (i: number) =>
    services.flatMap(service => many(10, n => ({ source: 's', target: host(i * 10 + n), service, failed: n > 0 })));
  expect(found(1, sweep(['tcp/22']))).toEqual(['scan addresses s  tcp/22']);
  expect(found(1, sweep(['icmp']))).toEqual(['scan addresses s  icmp']);
  expect(found(1, sweep(['tcp/22', 'tcp/23', 'tcp/80', 'tcp/443']))).toEqual([
    expect.stringMatching(/^scan addresses s {2}tcp/),
  ]);
});

test('floods are told by what they are made of, and by who makes them', () => {
  const syn = many(400, n => ({ source: host(n), target: 't', service: 'tcp/80', failed: true }));
  expect(found(1, () => syn)).toEqual(['flood syn  t']);
  const one = many(400, n => ({ source: 's', target: 't', service: `udp/${n % 100}`, failed: true }));
  expect(found(1, () => one)).toEqual(['flood udp s t']);
  const few = [{ source: 's', target: 't', service: 'udp/9', failed: true, packets: 60_000 }];
  expect(found(1, () => few)).toEqual(['flood udp s t']);
});

test('a flood is found within ten seconds, and its rate is what it is', () => {
  const detectors = new Detectors(defaultThresholds);
  const look = many(1000, n => ({ source: host(n), target: 't', service: 'tcp/80', failed: true }));
  const at = many(20, i => detectors.take(intervalOf(look, i)).find(({ strength }) => strength >= 1));
  expect(at.findIndex(each => each !== undefined)).toBeLessThanOrEqual(1);
  expect(at[19]).toMatchObject({ size: 500, unit: 'flows/s' });
});

test('what an exporter tells once a minute is no flood', () => {
  const detectors = new Detectors(defaultThresholds);
  const minute = many(3000, n => ({ source: host(n), target: 't', service: 'tcp/80', failed: true }));
  const { targets, ...interval } = intervalOf(minute, 0);
  const spread = targets.map(each => ({ ...each, spread: MINUTES }));
  expect(detectors.take({ ...interval, targets: spread })).toMatchObject([{ strength: 0.5, size: 50 }]);
});

test('amplification is found by whom the answers go to, and is no flood besides', () => {
  const answers = () => [{ victim: 'v', port: 53, asked: 20_000, answered: 5_000_000, servers: 50, server: 'r' }];
  const unasked = many(500, n => ({ source: host(n), target: 'v', service: `udp/${n}`, failed: true }));
  expect(found(1, () => unasked, answers)).toEqual(['amplification   v udp/53']);
});

// What follows goes on in every network, and is nothing.

test('a browser opens a hundred connections', () => {
  const look = (i: number) =>
    many(100, n => ({ source: 'b', target: host(i * 20 + (n % 20)), service: 'tcp/443', failed: n % 20 === 0 }));
  expect(found(5, look)).toEqual([]);
});

test('a resolver asks thousands of servers, of which a fifth is gone', () => {
  const look = (i: number) =>
    many(200, n => ({ source: 'r', target: host((i * 61 + n * 7) % 20_000), service: 'udp/53', failed: n % 5 === 0 }));
  expect(found(10, look)).toEqual([]);
});

test('a gateway asks for all behind it, and its own resolver is down', () => {
  const look = (i: number) => [
    ...many(500, n => ({
      source: 'g',
      target: host((i * 97 + n) % 9000),
      service: `tcp/${[80, 443, 993][n % 3]}`,
      failed: n % 25 === 0,
    })),
    ...many(100, () => ({ source: 'g', target: 'resolver', service: 'udp/53', failed: true })),
  ];
  expect(found(5, look)).toEqual([]);
});

test('BitTorrent asks peers that are gone, each on a port of its own, some on the usual one', () => {
  const look = (i: number) =>
    many(30, n => ({
      ...{ source: 'p', target: host(i * 30 + n) },
      service: `${n % 2 === 0 ? 'tcp' : 'udp'}/${chance(i, n) < 0.15 ? 6881 : Math.floor(1025 + 60_000 * chance(n, i))}`,
      failed: chance(i + 1, n) < 0.85,
    }));
  expect(found(10, look)).toEqual([]);
});

test('a monitoring server asks a whole network by ping and SNMP', () => {
  const look = (i: number) =>
    many(250, n => ({
      source: 'm',
      target: host((i * 250 + n) % 1000),
      service: n % 2 === 0 ? 'icmp' : 'udp/161',
      failed: n % 40 === 0,
    }));
  expect(found(5, look)).toEqual([]);
});

test('a server of the NTP pool is asked by thousands; a busy web server, too, by some that go away', () => {
  const ntp = many(3000, n => ({ source: host(n), target: 'n', service: 'udp/123', failed: false }));
  const answers = () => [{ victim: 'n', port: 123, asked: 9e6, answered: 9e6, servers: 3000, server: 'c' }];
  expect(found(2, () => ntp, answers)).toEqual([]);
  const web = many(2000, n => ({ source: host(n), target: 'w', service: 'tcp/443', failed: n % 10 === 0 }));
  expect(found(2, () => web)).toEqual([]);
});

test('a client that tries the same few dead services again and again is no scanner', () => {
  const look = () => many(10, n => ({ source: 'c', target: 't', service: `tcp/${n}`, failed: true }));
  expect(found(10, look)).toEqual([]);
});

test("a resolver's answers, and a stream of one direction such as syslog, are no flood", () => {
  const answers = () => [{ victim: 'r', port: 53, asked: 5e6, answered: 25e6, servers: 2000, server: 's' }];
  const syslog = [{ source: 's', target: 'log', service: 'udp/514', failed: true, packets: 10_000 }];
  expect(found(5, () => syslog, answers)).toEqual([]);
});
