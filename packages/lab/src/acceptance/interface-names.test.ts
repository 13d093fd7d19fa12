// The names of interfaces that Weir's probe tells arrive at the collector: groups have them beside the numbers, and filters find by them.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { run } from '../run/command.js';
import { until } from '../run/wait.js';
import { startResponder, transfer } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir } from '../weir/weir.js';

const reason = missing([]);
const port = 7000;

let lab: Lab;
let net: Topology;
beforeEach(context => context.skip(reason !== undefined, reason));
beforeAll(() => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
});
afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** Names of the router's interfaces by their numbers. */
function devices(): Map<number, string> {
  const links = JSON.parse(run(net.router.command(['ip', '-j', 'link']))) as { ifindex: number; ifname: string }[];
  return new Map(links.map(({ ifindex, ifname }) => [ifindex, ifname]));
}

test('groups and filters by the names that the probe tells', async () => {
  lab.own(await startResponder(net.server, port));
  const running = await RunningWeir.up(lab, net.router, lab.directory('names'));
  await transfer(net.client, { host: addresses.server.v4, port, upload: 10_000, download: 20_000 });
  destroyKernelFlows(net.router);
  const filter = `dst port ${port}`;
  const named = () => running.groups(filter, 'inif,outif').find(each => 'inifName' in each && 'outifName' in each);
  const group = await until('a group by interfaces with names', 30, named);
  const [into, out] = [group.inifName, group.outifName];
  const names = devices();
  expect([into, out]).toEqual([names.get(Number(group.inif)), names.get(Number(group.outif))]);
  expect(group.inif).not.toBe(group.outif);
  expect(running.flowCount(`${filter} and in if ${into} and out if ${out}`)).toBe(1);
  expect(running.flowCount(`${filter} and in if ${out}`)).toBe(0);
  expect(await running.stop()).toBe(0);
}, 120_000);
