// A collector that is away under load, first standing still and then ended in order, and a way to it that is cut: over TCP, TLS and mutual TLS
// nothing is lost, nothing doubled.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { attempt } from '../run/command.js';
import type { LabProcess } from '../run/process.js';
import { sleep, until } from '../run/wait.js';
import { beginRound, endRound, markRounds, OCTETS_OF_FLOW, RoundsOfFlows } from '../traffic/rounds.js';
import { startResponder, transfer } from '../traffic/traffic.js';
import { kernelFlows } from '../truth/conntrack.js';
import { Certificates } from '../weir/certificates.js';
import { kernelCounters, sumByFlow } from '../weir/records.js';
import { RunningWeir, weirCommand } from '../weir/weir.js';

const reason = missing(['openssl']);
const long = process.env.WEIR_LONG === '1';
/** The collector is away for so long, twice. Five minutes with WEIR_LONG=1. */
const seconds = long ? 300 : 5;
/** The kernels of both sides and the probe's memory take some megabytes: in a short time it has to be more. */
const flowsOfRound = long ? 2000 : 10_000;
const port = 7000;
/** Octets a second of the connection that lives through everything. */
const rate = 20_000;
const shortFlows = `src host ${addresses.client.v4} and proto udp`;
const longFlow = `src host ${addresses.client.v4} and dst port ${port}`;

let lab: Lab;
let net: Topology;
let folder: string;
let spool: string;
let load: RoundsOfFlows | undefined;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = lab.topology();
  folder = lab.directory('outage');
  spool = join(folder, 'spool');
  mkdirSync(spool);
});

afterEach(async () => {
  await load?.end();
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** What to listen on and where to export to, by transport. */
function urls(transport: string): { listen: string; collector: string } {
  if (transport === 'tcp') return { listen: 'tcp://0.0.0.0', collector: `tcp://${addresses.server.v4}` };
  const authority = new Certificates(folder);
  const [server, probe] = ['collector.example', 'probe.example'].map(name => authority.issue(name)) as [Pair, Pair];
  const both = transport === 'mutual TLS';
  const files = ({ cert, key }: Pair): string => `cert=${cert}&key=${key}`;
  const trusted = `ca=${authority.ca}`;
  return {
    listen: `tls://0.0.0.0?${files(server)}${both ? `&${trusted}` : ''}`,
    collector: `tls://${addresses.server.v4}?name=collector.example&${trusted}${both ? `&${files(probe)}` : ''}`,
  };
}
type Pair = ReturnType<Certificates['issue']>;

async function startProbe(collector: string): Promise<LabProcess> {
  const options = ['--collector', collector, '--spool', spool, '--state', join(folder, 'state'), '--mend', 'true'];
  const probe = lab.own(net.router.start(weirCommand('probe', ...options, '--active-timeout', '1')));
  await probe.output(/^metering/m, 30);
  return probe;
}

/** Whether anything waits on the disk. */
function spooled(): boolean {
  return attempt(['find', spool, '-name', '*.ipfix']).stdout !== '';
}

/** The collector is away for its time, and until something waits on the disk. */
async function away(): Promise<void> {
  await sleep(seconds * 1000);
  await until('Messages in the spool', 60, () => spooled() || undefined);
}

test.each(['tcp', 'TLS', 'mutual TLS'])(
  '%s',
  async transport => {
    lab.own(await startResponder(net.server, port));
    const { listen, collector } = urls(transport);
    const data = join(folder, 'data');
    const first = await RunningWeir.collect(lab, net.server, data, listen);
    const probe = await startProbe(collector);
    const running = (load = new RoundsOfFlows(net, flowsOfRound));
    const upload = rate * (2 * seconds + 10);
    const living = transfer(net.client, { host: addresses.server.v4, port, upload, download: 10, rate });
    await until('rounds of flows before the outage', 30, () => running.rounds > 2 || undefined);

    first.signal('SIGSTOP');
    await away();
    first.signal('SIGCONT');
    await until('the spool to be empty', 60 + seconds, () => !spooled() || undefined);

    expect(await first.stop()).toBe(0);
    await away();
    const second = await RunningWeir.collect(lab, net.server, data, listen);
    await until('the spool to be empty', 60 + seconds, () => !spooled() || undefined);
    const flows = await running.end();
    const { localPort } = await living;
    const truth = kernelFlows(net.router).find(({ original }) => original.sourcePort === localPort)!;
    expect(await probe.stop('SIGTERM')).toBe(0);
    expect(readdirSync(spool)).toEqual([]);

    await until(
      'every flow in the store',
      60,
      () => (second.flowCount(shortFlows) >= flows && second.flowCount(longFlow) === 1) || undefined,
      () => `${second.flowCount(shortFlows)} of ${flows} came`,
    );
    // One packet each: a record too many would be a packet too many.
    expect(second.groups(shortFlows, 'protocolIdentifier')).toMatchObject([
      { flows, packets: flows, octets: flows * OCTETS_OF_FLOW },
    ]);
    const [sum] = [...sumByFlow(second.records(longFlow)).values()];
    expect(sum).toMatchObject({ finalReports: 1, ...kernelCounters(truth) });
    const { exporters } = await second.api<{ exporters: { lostRecords: number }[] }>('/api/v1/status');
    expect(exporters.map(({ lostRecords }) => lostRecords)).toEqual(exporters.map(() => 0));
    console.info(`${transport}: away twice for ${seconds} s, ${flows} flows stored once`);
    expect(await second.stop()).toBe(0);
  },
  (3 * seconds + 240) * 1000,
);

test('a way that is cut where the probe is: nothing is sent again when the collector ends', async () => {
  const data = join(folder, 'data');
  const first = await RunningWeir.collect(lab, net.server, data, 'tcp://0.0.0.0');
  const probe = await startProbe(`tcp://${addresses.server.v4}`);
  markRounds(net);
  await beginRound(net, flowsOfRound, 0);
  // What the probe sends from then on does not leave its host: there is no route.
  net.router.ip('link', 'set', 'outside', 'down');
  await endRound(net);
  await sleep(3000);
  net.router.ip('link', 'set', 'outside', 'up');
  await until('every flow in the store', 60, () => first.flowCount(shortFlows) >= flowsOfRound || undefined);
  expect(await first.stop()).toBe(0);
  // An end that is not agreed on would be waited for, and then what was sent would be sent again.
  await sleep(2500);

  const second = await RunningWeir.collect(lab, net.server, data, 'tcp://0.0.0.0');
  expect(await probe.stop('SIGTERM')).toBe(0);
  await sleep(2000);
  // One packet each: a record too many would be a packet too many.
  expect(second.groups(shortFlows, 'protocolIdentifier')).toMatchObject([
    { flows: flowsOfRound, packets: flowsOfRound, octets: flowsOfRound * OCTETS_OF_FLOW },
  ]);
  expect(await second.stop()).toBe(0);
}, 180_000);
