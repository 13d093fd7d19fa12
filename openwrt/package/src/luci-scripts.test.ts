import { describe, expect, test } from 'vitest';
import { luciScript } from './testing/luci-script.js';

interface Counting {
  flows(
    entries: readonly object[],
    before: Readonly<Record<string, number>> | null,
    seconds: number,
  ): {
    flows: { source: string; destination: string; protocol: string; rate: number | null; octets: number }[];
    octets: Record<string, number>;
    throughput: number | null;
  };
  exported(status: object | null, before: object | null): { records: number; bits: number } | null;
}

interface Checks {
  findings(facts: object): { level: string; title: string }[];
}

const connection = (src: string, bytes: number) => ({
  ...{ layer3: 'ipv4', layer4: 'tcp', src, sport: 40_000, dst: '198.51.100.7', dport: 443 },
  ...{ bytes, packets: 3 },
});

describe('counting', () => {
  const counting = luciScript<Counting>('counting');

  test('at first nothing is known of rates, and the largest flows come first', () => {
    const now = counting.flows([connection('10.0.0.1', 10), connection('10.0.0.2', 20)], null, 0);
    expect(now.throughput).toBeNull();
    expect(now.flows.map(({ source, rate }) => [source, rate])).toEqual([
      ['10.0.0.2:40000', null],
      ['10.0.0.1:40000', null],
    ]);
  });

  test('then rates are those since before, of new flows all they have, and the fastest come first', () => {
    const before = counting.flows([connection('10.0.0.1', 1000), connection('10.0.0.2', 9000)], null, 0);
    const next = [connection('10.0.0.1', 3000), connection('10.0.0.2', 9000), connection('10.0.0.3', 500)];
    const now = counting.flows(next, before.octets, 2);
    expect(now.flows.map(({ source, rate }) => [source, rate])).toEqual([
      ['10.0.0.1:40000', 8000],
      ['10.0.0.3:40000', 2000],
      ['10.0.0.2:40000', 0],
    ]);
    expect(now.throughput).toBe(10_000);
  });

  test('a flow with less than before is another one', () => {
    const before = counting.flows([connection('10.0.0.1', 1000)], null, 0);
    expect(counting.flows([connection('10.0.0.1', 100)], before.octets, 1).throughput).toBe(800);
  });

  test('addresses of IPv6 have brackets where a port follows, and none where there is none', () => {
    const entry = { layer3: 'ipv6', layer4: 'icmpv6', src: '2001:db8::1', dst: '2001:db8::2', dport: 80, bytes: 1 };
    const [flow] = counting.flows([entry], null, 0).flows;
    expect([flow.protocol, flow.source, flow.destination]).toEqual(['ICMPV6', '2001:db8::1', '[2001:db8::2]:80']);
  });

  const status = (time: number, records: number, octets: number) => ({
    time,
    exportedFlowRecordTotalCount: records,
    exportedOctetTotalCount: octets,
  });

  test('what was exported is told a second', () => {
    expect(counting.exported(status(7000, 30, 4000), status(2000, 10, 3000))).toEqual({ records: 4, bits: 1600 });
  });

  test.each([
    ['the same file', status(2000, 10, 3000)],
    ['a probe that began anew', status(9000, 3, 100)],
    ['no file', null],
  ])('of %s nothing is told', (_, next) => expect(counting.exported(next, status(2000, 10, 3000))).toBeNull());
});

describe('checks', () => {
  const checks = luciScript<Checks>('checks');
  const collector = { url: 'udp://192.0.2.1:4739', away: false };
  const status = {
    ...{ collectors: [collector], conntrackEntryCount: 10, maxSessionEntries: 16_384 },
    ...{ lostEventTotalCount: 0, unsentRecordTotalCount: 0, flowTableOverflowTotalCount: 0, counterResetTotalCount: 0 },
  };
  const good = {
    ...{ enabled: true, running: true, collectors: [collector.url], status, hardwareOffload: false },
    ...{ accounting: '1', events: '1', timestamps: '1', modules: 'nf_conntrack_netlink 53248 0 - Live 0x0' },
  };
  const found = (facts: object) =>
    checks.findings({ ...good, ...facts }).map(({ level, title }) => [level, String(title)]);
  const counted = (counts: object) => ({ status: { ...status, ...counts } });

  test('where all is well there are none', () => expect(found({})).toEqual([]));

  test.each([
    [{ enabled: false, running: false, status: null }, 'warning', 'The probe is switched off'],
    [{ running: false, status: null }, 'error', 'The probe does not run'],
    [{ status: null }, 'warning', 'The probe has not told anything yet'],
    [{ collectors: [] }, 'error', 'No collector is set'],
    [{ accounting: '0' }, 'error', 'The kernel does not count'],
    [{ events: '0' }, 'error', 'The kernel tells no events'],
    [{ events: '2' }, 'warning', 'Connections older than the probe end without an event'],
    [{ timestamps: '' }, 'info', 'The kernel keeps no times of connections'],
    [{ hardwareOffload: true }, 'info', 'Connections are offloaded to hardware'],
    [counted({ collectors: [{ ...collector, away: true }] }), 'error', 'A collector does not take flows'],
    [counted({ conntrackEntryCount: 16_000 }), 'warning', "The kernel's table of connections is almost full"],
    [counted({ lostEventTotalCount: 1 }), 'warning', 'Ends of connections were lost'],
    [counted({ unsentRecordTotalCount: 1 }), 'warning', 'Flow records were lost'],
    [counted({ flowTableOverflowTotalCount: 1 }), 'warning', 'The flow table was full'],
    [counted({ counterResetTotalCount: 1 }), 'warning', 'Somebody else sets counters back'],
  ])('%j: %s, %s', (facts, level, title) => expect(found(facts)).toEqual([[level, title]]));

  test('a missing module is told where the probe does not run for it', () => {
    expect(found({ running: false, status: null, modules: '' })).toContainEqual([
      'error',
      'The kernel does not tell of its connections',
    ]);
  });
});
