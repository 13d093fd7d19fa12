// 200,000 flows that live and are reported, while others come and go: the probe's memory is bounded, and does not grow.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { raiseTableLimit } from '../namespaces/globals.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { residentOctets } from '../run/memory.js';
import { sleep } from '../run/wait.js';
import { burst, destroyMarked } from '../traffic/traffic.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = missing([]);
/** Ten minutes with WEIR_LONG=1. */
const seconds = process.env.WEIR_LONG === '1' ? 600 : 30;
const living = 200_000;
const churn = 30_000;
const mark = 7;
const livingPort = silentUdpPorts.first;
const churnPort = silentUdpPorts.last;
/** What the runtime needs, and 300 octets for each of the 262,144 flows that the table takes by default. */
const bound = 130e6 + 262_144 * 300;
/** The runtime's own heap breathes by some megabytes. */
const growth = 15e6;

let lab: Lab;
let net: Topology;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  lab.later(raiseTableLimit(400_000));
  net = lab.topology();
  net.router.nft(`table inet marks {
    chain forward { type filter hook forward priority filter; udp dport ${churnPort} ct mark set ${mark}; }
  }`);
  expect(weir(net.router, ['doctor', '--fix']).status).toBe(0);
});

afterAll(async () => {
  if (reason !== undefined) return;
  expect(weir(net.router, ['doctor', '--restore']).status).toBe(0);
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** One packet for each flow. */
async function send(flows: number, firstPort: number): Promise<void> {
  const { client, server } = addresses;
  await burst(net.client, { source: client.v4, destination: server.v4, flows, firstPort, payload: 20 });
}

test(
  'memory is bounded, and churn does not make it grow',
  async () => {
    const state = join(lab.directory('memory'), 'state');
    const options = ['--collector', 'file:/dev/null', '--active-timeout', '5', '--state', state];
    const probe = lab.own(net.router.start(weirCommand('probe', ...options)));
    await probe.output(/metering/i, 30);
    const begun = performance.now();
    const elapsed = (): number => (performance.now() - begun) / 1000;
    let early = 0;
    let latest = 0;
    let rounds = 0;
    while (elapsed() < seconds) {
      await send(living, livingPort);
      await send(churn, churnPort);
      await destroyMarked(net.router, mark);
      await sleep(1000);
      latest = residentOctets(probe.pid);
      // All code is compiled and every flow has been reported by then.
      if (elapsed() > Math.min(seconds / 2, 60) && early === 0) early = latest;
      rounds++;
    }
    const megabytes = (octets: number): string => `${(octets / 1e6).toFixed(0)} MB`;
    console.info(
      `${living} live flows, ${rounds * churn} that came and went: ${megabytes(early)} resident, then ${megabytes(latest)}`,
    );
    expect(await probe.stop('SIGINT')).toBe(0);
    const [, exported] = (await probe.output(/(\d+) Flow Records exported, 0 flows lost/, 1)) ?? [];
    expect(Number(exported)).toBeGreaterThan(rounds * churn + 3 * living);
    expect(latest).toBeLessThan(bound);
    expect(latest - early).toBeLessThan(growth);
  },
  (seconds + 90) * 1000,
);
