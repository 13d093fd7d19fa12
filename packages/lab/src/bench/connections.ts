import { addresses, type Topology } from '../namespaces/topology.js';
import type { Subject } from '../subjects/subject.js';
import { shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { microseconds } from './burst.js';
import { exportedFlows } from './exported.js';
import type { TrialCase, TrialSubject } from './harness.js';
import { packetsThrough } from './links.js';
import { meter } from './metered.js';
import type { Bed } from './network.js';
import { noExporter } from './no-exporter.js';

const FLOWS = 20_000;
const RUNS = 5;
const TCP = 6;
const PORT = 7000;
/** A small request and its answer. */
const order = {
  host: addresses.server.v4,
  port: PORT,
  connections: FLOWS,
  firstPort: 30_000,
  upload: 500,
  download: 5000,
};

/** Short TCP connections with a request and an answer, closed by FIN; then those in TIME_WAIT are destroyed, too. */
export async function connectionsCase(bed: Bed, subjects: readonly Subject[]): Promise<TrialCase> {
  bed.lab.own(await startResponder(bed.net.server, PORT));
  return {
    name: '20,000 short TCP connections',
    measures: {
      'exporter, for each flow exported': 'us of processor time',
      'exporter, for each packet of the traffic': 'us of processor time',
      'whole machine, for each flow of the traffic': 'us of processor time',
      'flows not exported': '%',
      'records exported more than once': 'records',
      'resident memory': 'MB',
    },
    subjects: [noExporter, ...subjects].map(each => metered(bed, each)),
    runs: RUNS,
  };
}

function metered(bed: Bed, subject: Subject): TrialSubject {
  return {
    name: subject.name,
    async trial() {
      const before = packetsThrough(bed.net.router, 'inside');
      const used = await meter(bed, subject, () => connectAndDestroy(bed.net));
      const machine = { 'whole machine, for each flow of the traffic': microseconds(used.machine, FLOWS) };
      if (subject === noExporter) return machine;
      const packets = packetsThrough(bed.net.router, 'inside') - before;
      const { flows, records } = await exportedFlows(used.exported, addresses.client.v4, TCP);
      return {
        'exporter, for each flow exported': microseconds(used.subject, flows),
        'exporter, for each packet of the traffic': microseconds(used.subject, packets),
        ...machine,
        'flows not exported': (100 * (FLOWS - flows)) / FLOWS,
        'records exported more than once': records - flows,
        'resident memory': used.memory / 1e6,
      };
    },
  };
}

async function connectAndDestroy(net: Topology): Promise<void> {
  await shortConnections(net.client, order);
  destroyKernelFlows(net.router);
}
