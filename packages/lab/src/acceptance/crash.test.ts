// kill -9 at the worst moments: what comes back counts no flow twice, and what was changed can be put back.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { differences, snapshot } from '../namespaces/snapshot.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { sleep, until } from '../run/wait.js';
import { requests, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows, type KernelFlow, kernelFlows } from '../truth/conntrack.js';
import { type FlowSum, kernelCounters, kernelKey, sumByFlow } from '../weir/records.js';
import { RunningWeir, weir } from '../weir/weir.js';

const reason = missing([]);
const port = 7000;
const filter = `src host ${addresses.client.v4}`;
/** Source ports of the UDP flows before the first kill, between the two, and after the second. */
const phases = { before: 30_000, between: 31_000, after: 32_000 } as const;
const flowsInPhase = 100;

/** What the API's status has for us here. */
interface Status {
  exporters: { lastSeen: number }[];
}

let lab: Lab;
let net: Topology;
let running: RunningWeir;
let truth: KernelFlow[];
let sums: Map<string, FlowSum>;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  // The first flows are still in the kernel's table when the last have ended, however long the restarts take.
  for (const name of ['udp_timeout', 'udp_timeout_stream'])
    net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 300);
  lab.own(await startResponder(net.server, port));
  running = await RunningWeir.up(lab, net.router, lab.directory('crash'), ['--active-timeout', '2']);
  await trafficAndKills();
  truth = kernelFlows(net.router).filter(flow => flow.original.source.startsWith('10.'));
  destroyKernelFlows(net.router);
  const ended = (): number =>
    [...sumByFlow(running.records(filter)).values()].filter(sum => sum.finalReports > 0).length;
  await until(
    'the end of every flow',
    60,
    () => ended() >= truth.length || undefined,
    () => `${ended()} of ${truth.length}`,
  );
  // What comes twice would come now.
  await sleep(2500);
  sums = sumByFlow(running.records(filter));
}, 120_000);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await running?.stop()).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** A long transfer and short flows in three phases; the probe dies in the first, the collector in the second. */
async function trafficAndKills(): Promise<void> {
  const host = addresses.server.v4;
  const long = transfer(net.client, { host, port, upload: 16_000_000, download: 1000, rate: 1_000_000 });
  for (const [phase, dies] of [
    ['before', 'probe'] as const,
    ['between', 'collect'] as const,
    ['after', undefined] as const,
  ]) {
    await requests(net.client, { host, port, flows: flowsInPhase, firstPort: phases[phase], octets: 100 });
    // Time for an interim report of these flows: what was reported must not be reported again.
    await sleep(3000);
    if (dies !== undefined) await killAndWait(dies);
  }
  await long;
  await sleep(500);
}

/** kill -9 of a child of `weir up`, then waits for its successor, and for word of the probe at the collector. */
async function killAndWait(word: string): Promise<void> {
  const old = running.child(word)!;
  process.kill(old, 'SIGKILL');
  await until(`a new ${word} process`, 20, () => {
    const successor = running.child(word);
    return successor !== undefined && successor !== old ? successor : undefined;
  });
  const since = Date.now();
  await until('word of the probe', 30, async () => {
    const { exporters } = await running.api<Status>('/api/v1/status').catch(() => ({ exporters: [] }));
    return exporters.some(exporter => exporter.lastSeen > since) || undefined;
  });
}

const portOf = (key: string): number => Number(key.split(' ')[2]);

test('every flow is there, no flow twice', () => {
  expect(truth).toHaveLength(3 * flowsInPhase + 1);
  expect([...sums.keys()].sort()).toEqual(truth.map(kernelKey).sort());
  expect([...sums].filter(([, sum]) => sum.finalReports !== 1)).toEqual([]);
  expect(running.flowCount(filter)).toBe(truth.length);
});

test("no sum exceeds the kernel's", () => {
  const excess = truth.filter(flow => {
    const [ours, kernel] = [sums.get(kernelKey(flow))!, kernelCounters(flow)];
    return (['packets', 'octets', 'reversePackets', 'reverseOctets'] as const).some(each => ours[each] > kernel[each]);
  });
  expect(excess.map(kernelKey)).toEqual([]);
});

test('flows from after the last kill are exact, and nothing but the outages is missing', () => {
  const kernel = new Map(truth.map(flow => [kernelKey(flow), kernelCounters(flow)]));
  for (const [key, sum] of sums) {
    if (portOf(key) >= phases.after && portOf(key) < phases.after + flowsInPhase)
      expect(sum).toMatchObject(kernel.get(key)!);
  }
  const long = [...sums].find(([key]) => key.startsWith('6 '))!;
  expect(long[1].octets).toBeGreaterThan(kernel.get(long[0])!.octets / 2);
});

test('an ordinary end leaves sysctls and nft rules as they were', async () => {
  const bare = lab.namespace('bare');
  const before = snapshot(bare);
  const here = await RunningWeir.up(lab, bare, lab.directory('end'));
  expect(differences(before, snapshot(bare))).toContain('net.netfilter.nf_conntrack_acct was 0, is 1');
  expect(await here.stop()).toBe(0);
  expect(differences(before, snapshot(bare))).toEqual([]);
}, 60_000);

test('after kill -9 of everything, doctor --restore puts sysctls and nft rules back', async () => {
  const bare = lab.namespace('bare');
  const before = snapshot(bare);
  const here = await RunningWeir.up(lab, bare, lab.directory('killed'));
  await here.kill();
  const changed = differences(before, snapshot(bare));
  expect(changed).toContain('net.netfilter.nf_conntrack_acct was 0, is 1');
  expect(changed.join('\n')).toContain('table inet weir');
  expect(weir(bare, ['doctor', '--restore'])).toMatchObject({ status: 0, stderr: '' });
  expect(differences(before, snapshot(bare))).toEqual([]);
}, 60_000);

test('a second start after kill -9 finds the old values, not its own', async () => {
  const bare = lab.namespace('bare');
  const before = snapshot(bare);
  const data = lab.directory('again');
  const first = await RunningWeir.up(lab, bare, data);
  await first.kill();
  const second = await RunningWeir.up(lab, bare, data);
  expect(await second.stop()).toBe(0);
  expect(differences(before, snapshot(bare))).toEqual([]);
}, 90_000);
