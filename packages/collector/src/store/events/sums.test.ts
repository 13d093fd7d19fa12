import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultThresholds } from '../../analysis/detect/thresholds.js';
import type { TestRecord } from '../../flow/testing/records.js';
import { insertRecords, openTestStore, type TestStore } from '../testing/store.js';
import { causeRows } from './cause-rows.js';
import { hostSums } from './host-sums.js';
import { intervalSums } from './sums.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 60_000);
afterAll(() => opened.end());

const exportTime = Math.floor(Date.now() / 1000);
const at = (before: number) => new Date(1000 * exportTime - before).toISOString();

/** A first report of a flow: a connection that was answered, with some data. */
function flow(source: string, destination: string, more: TestRecord = {}): TestRecord {
  return {
    ...{ sourceIPv4Address: source, destinationIPv4Address: destination, protocolIdentifier: 6 },
    ...{ sourceTransportPort: 40_000, destinationTransportPort: 443, flowId: 1 },
    ...{ octetDeltaCount: 1000, packetDeltaCount: 10, reverseOctetDeltaCount: 9000, reversePacketDeltaCount: 10 },
    ...{ flowStartMilliseconds: at(3000), flowEndMilliseconds: at(1000) },
    ...more,
  };
}

const silent = { octetDeltaCount: 120, packetDeltaCount: 2, reverseOctetDeltaCount: 0, reversePacketDeltaCount: 0 };
const refused = { octetDeltaCount: 60, packetDeltaCount: 1, reverseOctetDeltaCount: 40, reversePacketDeltaCount: 1 };
const halfOpen = { octetDeltaCount: 60, packetDeltaCount: 1, reverseOctetDeltaCount: 240, reversePacketDeltaCount: 4 };
const udp = { protocolIdentifier: 17 };

/** The sums of these records alone. */
async function look(records: readonly TestRecord[], options = {}, thresholds = defaultThresholds) {
  const from = opened.store.settled;
  await insertRecords(opened.store, records, { exportTime, ...options });
  return intervalSums(opened.store, { from, to: opened.store.settled, thresholds, ignored: ['10.9.0.0/16'] });
}

test('what came to nothing is told from what was answered', async () => {
  const { pairs, services } = await look([
    flow('10.0.0.1', '10.0.0.2', { destinationTransportPort: 1, ...silent }),
    flow('10.0.0.1', '10.0.0.2', { destinationTransportPort: 2, ...refused }),
    flow('10.0.0.1', '10.0.0.2', { destinationTransportPort: 3, ...halfOpen }),
    flow('10.0.0.1', '10.0.0.2', { destinationTransportPort: 4, ...udp, ...silent }),
    flow('10.0.0.1', '10.0.0.2', { destinationTransportPort: 5, ...udp, ...refused }),
    flow('10.0.0.1', '10.0.0.2'),
    flow('10.0.0.3', '10.0.0.2'),
  ]);
  expect(pairs).toEqual([
    { source: '10.0.0.1', target: '10.0.0.2', failed: expect.any(Array), answered: expect.any(Array) },
  ]);
  expect([...pairs[0]!.failed].sort()).toEqual(['tcp/1', 'tcp/2', 'tcp/3', 'udp/4']);
  expect([...pairs[0]!.answered].sort()).toEqual(['tcp/443', 'udp/5']);
  expect(services.find(({ service }) => service === 'tcp/1')).toMatchObject({ failed: ['10.0.0.2'], answered: [] });
});

test('a flow counts once: not its further reports, not what another exporter tells', async () => {
  const going = { flowEndReason: 2, ...udp, ...silent };
  const { pairs } = await look(
    [
      flow('10.0.1.1', '10.0.1.2', { destinationTransportPort: 7, ...going }),
      flow('10.0.1.1', '10.0.1.2', {
        ...{ destinationTransportPort: 8, ...going },
        monitoringIntervalStartMilliSeconds: at(2000),
      }),
      flow('10.0.1.1', '10.0.1.2', { destinationTransportPort: 9, ...going }),
    ],
    { duplicates: (index: number) => index === 2 },
  );
  expect(pairs).toMatchObject([{ failed: ['udp/7'], answered: [] }]);
});

test('nothing is made of what cannot be judged, is late, goes to many, or is to be ignored', async () => {
  const { pairs, services } = await look([
    flow('10.0.2.1', '10.0.2.2', { ...silent, samplingInterval: 100 }),
    // One direction alone, of UDP.
    { ...oneWay('10.0.2.1', '10.0.2.2'), protocolIdentifier: 17 },
    flow('10.0.2.1', '10.0.2.2', { ...udp, ...silent, sourceTransportPort: 53, destinationTransportPort: 33_000 }),
    flow('10.0.2.1', '239.255.255.250', { ...udp, ...silent }),
    flow('10.9.2.1', '10.0.2.2', silent),
    // Much in one direction: the other one goes another way.
    flow('10.0.2.1', '10.0.2.3', { ...silent, octetDeltaCount: 1_000_000, packetDeltaCount: 900 }),
  ]);
  expect([pairs, services]).toEqual([[], []]);
});

function oneWay(source: string, destination: string): TestRecord {
  const { reverseOctetDeltaCount: _, reversePacketDeltaCount: __, ...rest } = flow(source, destination, silent);
  return rest;
}

test("of one direction alone TCP's control bits tell: SYN without ACK", async () => {
  const { pairs } = await look([
    { ...oneWay('10.0.3.1', '10.0.3.2'), tcpControlBits: 2, destinationTransportPort: 1 },
    { ...oneWay('10.0.3.1', '10.0.3.2'), tcpControlBits: 0x1b, destinationTransportPort: 2 },
  ]);
  expect(pairs).toMatchObject([{ failed: ['tcp/1'], answered: ['tcp/2'] }]);
});

test('floods are told by target, amplification by whom the answers go to', async () => {
  const { targets, answers } = await look(
    [
      ...Array.from({ length: 100 }, (_, i) => flow(`10.0.4.${i + 1}`, '10.0.5.1', halfOpen)),
      flow('10.0.4.1', '10.0.5.1'),
      // Asked in its name; and answers that it has not asked for.
      ...[flow('10.0.6.1', '10.0.7.1', { ...udp, destinationTransportPort: 53, ...answer(100, 5000) })],
      ...[flow('10.0.7.2', '10.0.6.1', { ...udp, sourceTransportPort: 53, ...answer(4000, 0) })],
    ],
    {},
    { ...defaultThresholds, amplified: 1000 },
  );
  expect(targets).toEqual([
    {
      ...{ target: '10.0.5.1', tcp: 100, udp: 0, icmp: 0, other: 0, answered: 1, packets: 100, ports: 1, spread: 0 },
      ...{ sources: 100, source: expect.stringMatching(/^10\.0\.4\./) },
    },
  ]);
  expect(answers).toEqual([
    { victim: '10.0.6.1', port: 53, asked: 100, answered: 9000, servers: 2, server: expect.any(String) },
  ]);
});

function answer(octetDeltaCount: number, reverseOctetDeltaCount: number): TestRecord {
  return { octetDeltaCount, reverseOctetDeltaCount, packetDeltaCount: 1, reversePacketDeltaCount: 0 };
}

test('a record of a day counts in a flood with what fits into ten seconds', async () => {
  const day = 86_400_000;
  const long = { ...udp, flowStartMilliseconds: at(day), octetDeltaCount: 1e9, packetDeltaCount: 86_400 * 30_000 };
  const { targets } = await look([flow('10.0.8.1', '10.0.8.2', { ...silent, ...long })]);
  expect(targets).toMatchObject([{ target: '10.0.8.2', packets: expect.closeTo(300_000, -2) }]);
});

test('hosts of the local networks, both ways, IPv6 by network', async () => {
  const from = opened.store.settled;
  await insertRecords(
    opened.store,
    [
      flow('10.0.10.1', '192.0.2.1'),
      flow('10.0.10.2', '10.0.10.1'),
      {
        ...{ sourceIPv6Address: 'fd00:0:0:1:2:3:4:5', destinationIPv6Address: '2001:db8::1', octetDeltaCount: 7 },
        ...{ flowStartMilliseconds: at(2), flowEndMilliseconds: at(1) },
      },
    ],
    { exportTime },
  );
  const asked = { from, to: opened.store.settled, localNetworks: ['10.0.0.0/8', 'fd00::/8'], ignored: [] };
  const exporter = expect.any(String);
  expect(await hostSums(opened.store, asked)).toEqual([
    { host: '10.0.10.1', exporter, sent: 10_000, received: 10_000 },
    { host: '10.0.10.2', exporter, sent: 1000, received: 9000 },
    { host: 'fd00:0:0:1::/64', exporter, sent: 7, received: 0 },
  ]);
});

test('parts of what goes to a host', async () => {
  const from = opened.store.settled;
  await insertRecords(
    opened.store,
    [
      flow('10.0.11.1', '10.0.11.9', {
        ...udp,
        destinationTransportPort: 53,
        ...answer(1, 9),
        bgpDestinationAsNumber: 7,
      }),
      flow('10.0.11.8', '10.0.11.1', {
        ...udp,
        sourceTransportPort: 53,
        destinationTransportPort: 33_000,
        ...answer(20, 0),
        bgpSourceAsNumber: 8,
      }),
      flow('10.0.11.1', '10.0.11.9'),
    ],
    { exportTime },
  );
  const to = opened.store.settled;
  const filter = 'host 10.0.11.1 and proto udp';
  expect(await causeRows(opened.store, { from, to, filter, measure: 'octets', host: '10.0.11.1' })).toEqual([
    { host: '10.0.11.8', service: 'udp/53', value: 20, network: { name: 'AS8', filter: 'as 8' } },
    { host: '10.0.11.9', service: 'udp/53', value: 10, network: { name: 'AS7', filter: 'as 7' } },
  ]);
  expect(await causeRows(opened.store, { from, to, filter: '', measure: 'flows' })).toHaveLength(3);
});
