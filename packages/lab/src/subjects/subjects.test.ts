import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportedFlows } from '../bench/exported.js';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { differences, snapshot } from '../namespaces/snapshot.js';
import { addresses, type Topology } from '../namespaces/topology.js';
import { requests, shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { untrackedLoopback } from '../weir/weir.js';
import { ExportCapture } from './capture.js';
import { subjects } from './subjects.js';

const reason = missing(ExportCapture.needs);
const flows = 40;
const port = 7000;
const [tcp, udp] = [6, 17];
/** Flows that a subject may lose: ulogd2 what its last Message holds. */
const lost: Readonly<Record<string, number>> = { 'broken-drop': 1, ulogd2: 14 };

let lab: Lab;
let net: Topology;

beforeAll(async () => {
  if (reason !== undefined) return;
  lab = new Lab();
  net = lab.topology();
  net.router.nft(untrackedLoopback);
  lab.own(await startResponder(net.server, port));
});

afterAll(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

/** Flows of the client's, and their octets in both directions. */
async function exported(capture: string): Promise<{ flows: number; octets: number }> {
  const found = await Promise.all([tcp, udp].map(each => exportedFlows(capture, addresses.client.v4, each)));
  return {
    flows: found.reduce((sum, { flows }) => sum + flows, 0),
    octets: found.reduce((sum, { octets }) => sum + octets, 0),
  };
}

test.for([...subjects.values()])(
  '$name has exported what it metered when it has ended',
  { timeout: 60_000 },
  async (subject, { skip }) => {
    const lacking = reason ?? missing(subject.needs) ?? (await subject.lacks?.());
    skip(lacking !== undefined, lacking);
    const before = snapshot(net.router);
    const capture = await ExportCapture.start(lab, net.router);
    const running = await subject.start({ lab, namespace: net.router, link: 'inside', activeTimeout: 60 });
    const host = addresses.server.v4;
    await shortConnections(net.client, {
      host,
      port,
      connections: flows,
      firstPort: 40_000,
      upload: 500,
      download: 5000,
    });
    await requests(net.client, { host, port, flows, firstPort: 30_000, octets: 100 });
    destroyKernelFlows(net.router);
    await running.stop();
    await capture.stop();
    const found = await exported(capture.file);
    expect(found.flows).toBeLessThanOrEqual(2 * flows - (subject.name === 'broken-drop' ? 1 : 0));
    expect(found.flows).toBeGreaterThanOrEqual(2 * flows - (lost[subject.name] ?? 0));
    // Payload is a lower bound, twice as much an upper one: small packets are half headers.
    expect(found.octets).toBeGreaterThan(0.6 * flows * (5500 + 200));
    expect(found.octets).toBeLessThan(2 * flows * (5500 + 200));
    expect(differences(before, snapshot(net.router))).toEqual([]);
  },
);
