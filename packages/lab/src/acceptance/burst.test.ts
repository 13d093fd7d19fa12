// 300,000 flows that end at once: all exported and stored. Where loss is forced, every lost flow is in the count of lost.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { raiseTableLimit } from '../namespaces/globals.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { until } from '../run/wait.js';
import { burst } from '../traffic/traffic.js';
import { destroyKernelFlows, kernelFlowCount } from '../truth/conntrack.js';
import { RunningWeir, reportedLost, untrackedLoopback } from '../weir/weir.js';

const reason = missing([]);
const flows = 300_000;
const payload = 20;
const filter = `src host ${addresses.client.v4} and proto udp`;

let lab: Lab;
let net: Topology;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  lab.later(raiseTableLimit(400_000));
  net = lab.topology();
  net.router.nft(untrackedLoopback);
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** Makes the burst's connections and destroys them all at once. */
async function burstAndDestroy(): Promise<void> {
  await burst(net.client, {
    source: addresses.client.v4,
    destination: addresses.server.v4,
    flows,
    firstPort: silentUdpPorts.first,
    payload,
  });
  expect(kernelFlowCount(net.router)).toBe(flows);
  destroyKernelFlows(net.router);
}

test('300,000 of 300,000 flows arrive, none is lost', async () => {
  const running = await RunningWeir.up(lab, net.router, lab.directory('burst'));
  await burstAndDestroy();
  const destroyed = performance.now();
  await until(
    'every flow in the store',
    90,
    () => running.flowCount(filter) >= flows || undefined,
    () => `${running.flowCount(filter)} came`,
  );
  console.info(`300,000 flows stored ${((performance.now() - destroyed) / 1000).toFixed(1)} s after their end`);
  expect(running.groups(filter, 'protocolIdentifier')).toMatchObject([
    { flows, packets: flows, octets: flows * (28 + payload), reversePackets: 0, reverseOctets: 0 },
  ]);
  expect(await reportedLost(running)).toEqual({ byExporter: 0, byCollector: 0 });
  expect(await running.stop()).toBe(0);
}, 180_000);

test('with a tiny buffer and no reliable delivery, exported and reported lost make 300,000', async () => {
  const options = ['--event-buffer', '65536', '--reliable', 'false', '--active-timeout', '60'];
  const running = await RunningWeir.up(lab, net.router, lab.directory('loss'), options);
  await burstAndDestroy();
  let last = '';
  const { stored, lost } = await until(
    'an account of every flow',
    90,
    async () => {
      const answer = { stored: running.flowCount(filter), lost: (await reportedLost(running)).byExporter };
      last = JSON.stringify(answer);
      return answer.stored + answer.lost >= flows ? answer : undefined;
    },
    () => last,
  );
  console.info(`stored ${stored}, reported lost ${lost}`);
  expect(lost).toBeGreaterThan(0);
  expect(stored + lost).toBe(flows);
  expect(await running.stop()).toBe(0);
}, 180_000);
