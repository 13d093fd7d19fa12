import { addresses, silentUdpPorts, type Topology } from '../namespaces/topology.js';
import type { Subject } from '../subjects/subject.js';
import { burst } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { exportedFlows } from './exported.js';
import type { TrialCase, TrialSubject } from './harness.js';
import { meter } from './metered.js';
import type { Bed } from './network.js';
import { noExporter } from './no-exporter.js';

const FLOWS = 300_000;
const RUNS = 5;
const UDP = 17;

/** 300,000 one-packet UDP flows through a masquerading router, then destroyed at once. */
export function burstCase(bed: Bed, subjects: readonly Subject[]): TrialCase {
  return {
    name: '300,000 flows destroyed at once',
    measures: {
      'exporter, for each flow exported': 'us of processor time',
      'whole machine, for each flow of the burst': 'us of processor time',
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
      const used = await meter(bed, subject, () => burstAndDestroy(bed.net));
      const machine = { 'whole machine, for each flow of the burst': microseconds(used.machine, FLOWS) };
      if (subject === noExporter) return machine;
      const { flows, records } = await exportedFlows(used.exported, addresses.client.v4, UDP);
      return {
        'exporter, for each flow exported': microseconds(used.subject, flows),
        ...machine,
        'flows not exported': (100 * (FLOWS - flows)) / FLOWS,
        'records exported more than once': records - flows,
        'resident memory': used.memory / 1e6,
      };
    },
  };
}

async function burstAndDestroy(net: Topology): Promise<void> {
  const { client, server } = addresses;
  const firstPort = silentUdpPorts.first;
  await burst(net.client, { source: client.v4, destination: server.v4, flows: FLOWS, firstPort, payload: 20 });
  destroyKernelFlows(net.router);
}

/** Of processor time, for each of so many. */
export function microseconds(seconds: number, of: number): number {
  return (seconds * 1e6) / of;
}
