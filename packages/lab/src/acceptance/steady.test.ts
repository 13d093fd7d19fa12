// A constant-rate transfer of a minute is drawn as a constant rate: no steps between interim reports, no spike when it ends.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { startResponder, type Transfer, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows } from '../truth/conntrack.js';
import { kernelCounters, sumByFlow } from '../weir/records.js';
import { RunningWeir } from '../weir/weir.js';

const reason = missing([]);
const port = 7000;
const seconds = 60;
const rate = 2_000_000;
const step = 5;
const filter = `src host ${addresses.client.v4} and dst port ${port}`;

/** What the API's series has for us here: octets per second by bucket. */
interface Series {
  step: number;
  times: number[];
  inOctets: number[];
  outOctets: number[];
}

let lab: Lab;
let net: Topology;
let running: RunningWeir;
let sent: Transfer;
let truth: KernelFlow;
let series: Series;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('steady'), ['--active-timeout', '5']);
  const order = { host: addresses.server.v4, port, upload: rate * seconds, download: 0, rate };
  sent = await transfer(net.client, order);
  await sleep(500);
  truth = kernelFlows(net.router).find(flow => flow.original.sourcePort === sent.localPort)!;
  destroyKernelFlows(net.router);
  await until(
    'the end of the flow',
    30,
    () => sumByFlow(running.records(filter)).values().next().value?.finalReports || undefined,
  );
  const query = new URLSearchParams({
    filter,
    step: String(step),
    from: String(sent.start - 30_000),
    to: String(sent.end + 30_000),
  });
  series = await running.api<Series>(`/api/v1/series?${query}`);
}, 150_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** Octets per second of both directions, bucket by bucket. */
const rates = (): number[] => series.inOctets.map((octets, i) => octets + series.outOctets[i]!);

/** The rates of the buckets that the transfer filled from end to end. */
function fullBuckets(): number[] {
  return rates().filter((_, i) => series.times[i]! >= sent.start && series.times[i]! + step * 1000 <= sent.end);
}

test('the transfer took its minute', () => {
  expect((sent.end - sent.start) / 1000).toBeGreaterThan(seconds - 1);
  expect((sent.end - sent.start) / 1000).toBeLessThan(seconds + 3);
});

test('at least eleven interim reports, which add up', () => {
  const sums = [...sumByFlow(running.records(filter)).values()];
  expect(sums).toHaveLength(1);
  expect(sums[0]!.interimReports).toBeGreaterThanOrEqual(11);
  expect(sums[0]).toMatchObject(kernelCounters(truth));
});

test('no bucket stands out: the largest is less than 1.3 times the median', () => {
  expect(series.step).toBe(step);
  const full = fullBuckets();
  expect(full.length).toBeGreaterThanOrEqual(seconds / step - 2);
  const median = full.sort((a, b) => a - b)[full.length >> 1]!;
  expect(median).toBeGreaterThan(rate * 0.9);
  expect(median).toBeLessThan(rate * 1.1);
  // Also over the partial buckets at both ends: a spike at the end would be in one of those.
  expect(Math.max(...rates())).toBeLessThan(1.3 * median);
  expect(full[0]!).toBeGreaterThan(median / 1.3);
  console.info(
    `largest bucket / median: ${(Math.max(...rates()) / median).toFixed(3)}, smallest: ${(full[0]! / median).toFixed(3)}`,
  );
});

test('the buckets hold all octets', () => {
  const total = rates().reduce((sum, each) => sum + each * step, 0);
  const { octets, reverseOctets } = kernelCounters(truth);
  expect(total / (octets + reverseOctets)).toBeCloseTo(1, 3);
});
