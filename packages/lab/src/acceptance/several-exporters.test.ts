// Two routers in a row, both of which translate, and both of which export: what the collector sums up is what one of them told.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { topologyDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { buildTopology } from '../topology/build.js';
import type { Network } from '../topology/network.js';
import { requests, shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir, weirCommand } from '../weir/weir.js';

const reason = missing(['conntrack']);
const port = 7000;
const flows = 100;
const routers = ['home1', 'carrier'] as const;
/** The flows of the traffic, and not those of the export. */
const traffic = `port ${port}`;

let lab: Lab;
let net: Network;
let collector: RunningWeir;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = buildTopology(lab, parse(readFileSync(join(topologyDirectory, 'cgnat.yaml'), 'utf8')));
  lab.own(await startResponder(net.node('server'), port));
  collector = await RunningWeir.collect(lab, net.node('carrier'), lab.directory('collect'), 'udp://0.0.0.0:4739');
  const to = { home1: net.address('carrier', 4), carrier: '127.0.0.1' };
  for (const router of routers) {
    const options = ['--collector', `udp://${to[router]}:4739`, '--source', 'ctnetlink', '--mend', 'true'];
    const state = ['--state', join(lab.directory(router), 'state')];
    const probe = lab.own(net.node(router).start(weirCommand('probe', ...options, ...state)));
    await probe.output(/^metering/m, 30);
  }
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

interface ExporterStatus {
  readonly address: string;
  readonly records: number;
  readonly duplicateRecords?: number;
}

async function exporters(): Promise<ExporterStatus[]> {
  return (await collector.api<{ exporters: ExporterStatus[] }>('/api/v1/status')).exporters;
}

/** TCP and UDP flows through both routers, which end there; waits until so many records of them are received. */
async function makeTraffic(count: number, firstPort: number, records: number): Promise<void> {
  const host = net.address('server', 4);
  const order = { host, port, firstPort };
  await shortConnections(net.node('laptop'), { ...order, connections: count, upload: 500, download: 5000 });
  const { unanswered } = await requests(net.node('laptop'), { ...order, flows: count, octets: 100 });
  expect(unanswered).toEqual([]);
  for (const router of routers) destroyKernelFlows(net.node(router));
  await until(`${records} records of each exporter`, 30, async () => {
    const all = await exporters();
    return (all.length === 2 && all.every(each => each.records >= records)) || undefined;
  });
}

test('a flow that both tell of counts once, and is whole at each of them', async () => {
  // From when both are heard they are compared.
  await makeTraffic(2, 50_000, 4);
  await makeTraffic(flows, 40_000, 4 + 2 * flows);
  // Who tells first of a Flow owns it: on a slow machine that is not the same router for all of them.
  const marked = (await exporters()).map(each => each.duplicateRecords ?? 0);
  expect(marked.reduce((a, b) => a + b)).toBeGreaterThanOrEqual(2 * flows);
  expect(await collector.stop()).toBe(0);
  const compared = `${traffic} and srcport >= 40000 and srcport < 50000`;
  const sums = (filter: string) => collector.groups(filter, 'protocolIdentifier');
  const views = collector.groups(compared, 'exporter');
  expect(views.map(view => view.flows)).toEqual([2 * flows, 2 * flows]);
  const total = sums(compared);
  expect(total.map(group => group.flows)).toEqual([flows, flows]);
  expect(total.every(({ octets, reverseOctets }) => octets > 0 && reverseOctets > 0)).toBe(true);
  for (const { exporter } of views) expect(sums(`${compared} and exporter = ${exporter}`)).toEqual(total);
  expect(sums(`${compared} and not duplicate`)).toEqual(total);
  expect(sums(`${compared} and duplicate`)).toEqual(total);
}, 150_000);
