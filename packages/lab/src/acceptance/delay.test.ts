// A slow and lossy network (netem): times are those at the router, and what was sent again is counted as often as it passed.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { attempt } from '../run/command.js';
import { until } from '../run/wait.js';
import { ping, requests, startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningProbe } from '../weir/probe.js';

const reason = missing(['tc', 'ping']);
const port = 7000;
const host = addresses.server.v4;

let lab: Lab;
let net: Topology;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = lab.topology();
  const tried = attempt(net.server.command(['tc', 'qdisc', 'add', 'dev', 'uplink', 'root', 'netem', 'delay', '0']));
  const lacking = tried.status === 0 ? undefined : `this kernel has no netem (${tried.stderr.trim()})`;
  if (lacking !== undefined) console.warn(`skipped: ${lacking}`);
  context.skip(lacking !== undefined, lacking);
  lab.own(await startResponder(net.server, port));
  for (const name of ['acct', 'timestamp', 'events']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
}, 60_000);

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** What the server sends from now on is late and gets lost. */
function impair(...how: string[]): void {
  net.server.run(['tc', 'qdisc', 'change', 'dev', 'uplink', 'root', 'netem', ...how]);
}

test('netem: an answer that comes late is the last packet: the Flow lasts as long as it took', async () => {
  net.router.sysctl('net.netfilter.nf_conntrack_udp_timeout', 2);
  // So that nobody has to ask for an address (ARP), which the delay would hold up as well.
  ping(net.client, host, 1);
  destroyKernelFlows(net.router);
  impair('delay', '400ms');
  // Its dumps take what has expired out of the table, sooner than the kernel would by itself (ctnetlink_dump_table).
  const probe = await RunningProbe.start(lab, net.router, ['--source', 'ctnetlink', '--active-timeout', '2']);
  expect(await requests(net.client, { host, port, flows: 5, firstPort: 30_000, octets: 100 })).toMatchObject({
    answered: 5,
  });
  const all = await until('five ends', 30, () => (probe.ends().length >= 5 ? probe.ends() : undefined));
  for (const { flowStartMilliseconds, flowEndMilliseconds } of all) {
    const lasted = Date.parse(String(flowEndMilliseconds)) - Date.parse(String(flowStartMilliseconds));
    expect(lasted).toBeGreaterThan(380);
    expect(lasted).toBeLessThan(600);
  }
  await probe.stop();
}, 120_000);

test('netem: answers that are lost behind the router and sent again count as often as they passed it', async () => {
  const probe = await RunningProbe.start(lab, net.router);
  // Lost between router and client: it has passed the router's conntrack by then.
  net.router.run(['tc', 'qdisc', 'add', 'dev', 'inside', 'root', 'netem', 'loss', '10%']);
  // Each segment a packet of its own: a handful of large ones may all arrive.
  net.server.ip('link', 'set', 'dev', 'uplink', 'gso_max_segs', '1');
  const { received } = await transfer(net.client, { host, port, upload: 1000, download: 500_000 });
  expect(received).toBe(500_000);
  destroyKernelFlows(net.router);
  const [flow] = await until('an end', 30, () => (probe.ends().length >= 1 ? probe.ends() : undefined));
  const dropped = Number(net.router.run(['tc', '-s', 'qdisc', 'show', 'dev', 'inside']).match(/dropped (\d+)/)![1]);
  const sent = Number(net.router.run(['tc', '-s', 'qdisc', 'show', 'dev', 'inside']).match(/Sent \d+ bytes (\d+)/)![1]);
  expect(dropped).toBeGreaterThan(0);
  expect(Number(flow!.reverseOctetDeltaCount)).toBeGreaterThan(received + dropped * 500);
  expect(Number(flow!.reversePacketDeltaCount)).toBeLessThanOrEqual(sent + dropped);
  await probe.stop();
}, 120_000);
