// A day of ordinary traffic raises nothing, after two weeks of it; a scan and a flood in it do. What the probe tells of real traffic is recorded once; the days
// are simulated, with all that looks for what is unusual in the collector.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import { dayProgram } from '../paths.js';
import { attempt } from '../run/command.js';
import {
  ping,
  requests,
  resetTransfer,
  shortConnections,
  startResponder,
  transfer,
  unansweredSyn,
} from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningProbe } from '../weir/probe.js';

interface Event {
  readonly kind: string;
  readonly form?: string;
  readonly source?: string;
  readonly target?: string;
}
interface Found {
  readonly event?: Event;
  readonly after: number;
}
interface Day {
  /** Flows that were recorded, and that came in all. */
  readonly recorded: number;
  readonly flows: number;
  /** Series that were judged. */
  readonly judged: number;
  readonly events: readonly Event[];
  readonly scan: Found;
  readonly flood: Found;
}

const reason = missing(['ping']);
const port = 7000;
const [v4, v6] = [addresses.server.v4, addresses.server.v6];
/** Seconds. */
const FOUND_WITHIN = 10;
const PATIENCE = 600;

let lab: Lab;
let day: Day;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(
  async () => {
    if (reason !== undefined) return;
    lab = new Lab();
    const net = lab.topology();
    for (const name of ['acct', 'timestamp', 'events']) net.router.sysctl(`net.netfilter.nf_conntrack_${name}`, 1);
    lab.own(await startResponder(net.server, port));
    const probe = await RunningProbe.start(lab, net.router);
    await ordinary(net);
    destroyKernelFlows(net.router);
    await probe.stop();
    const { status, stdout, stderr } = attempt(
      [process.execPath, dayProgram, probe.file, lab.directory('day')],
      PATIENCE,
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    day = JSON.parse(stdout) as Day;
  },
  (PATIENCE + 60) * 1000,
);

afterAll(async () => {
  if (reason !== undefined) return;
  expect(await lab.close()).toEqual([]);
}, 60_000);

/** What a network does all day: pages, questions to a resolver, transfers both ways, pings, resets, and now and then no answer. */
async function ordinary({ client }: Topology): Promise<void> {
  await Promise.all([
    shortConnections(client, { host: v4, port, connections: 60, firstPort: 40_000, upload: 500, download: 20_000 }),
    requests(client, { host: v4, port, flows: 60, firstPort: 30_000, octets: 100 }),
    requests(client, { host: v6, port, flows: 20, firstPort: 31_000, octets: 300 }),
    transfer(client, { host: v4, port, upload: 100_000, download: 400_000 }),
    transfer(client, { host: v6, port, upload: 1000, download: 200_000 }),
  ]);
  ping(client, v4, 3);
  await resetTransfer(client, { host: v4, port, upload: 2000 });
  await unansweredSyn(client, { host: v4, port: 9, localPort: 50_000 });
  await requests(client, { host: v4, port: silentUdpPorts.first, flows: 3, firstPort: 32_000, octets: 50 });
}

test('a day of it raises nothing of any kind', () => {
  console.log(`${day.flows} flows of ${day.recorded} that were recorded; ${day.judged} series judged`);
  expect(day.recorded).toBeGreaterThan(140);
  expect(day.flows).toBeGreaterThan(200_000);
  expect(day.judged).toBeGreaterThan(0);
  expect(day.events).toEqual([]);
});

test('a scan and a flood at the end of it are found within ten seconds, and named rightly', () => {
  const { scan, flood } = day;
  console.log(`the scan was found after ${scan.after} s, the flood after ${flood.after} s`);
  const ends = { source: '10.77.1.200', target: v4 };
  expect(scan.event).toMatchObject({ kind: 'scan', form: 'ports', ...ends });
  expect(flood.event).toMatchObject({ kind: 'flood', form: 'udp', ...ends });
  expect(Math.max(scan.after, flood.after)).toBeLessThanOrEqual(FOUND_WITHIN);
});
