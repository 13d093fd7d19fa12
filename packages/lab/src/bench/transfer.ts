import { addresses } from '../namespaces/topology.js';
import type { Subject } from '../subjects/subject.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { microseconds } from './burst.js';
import { exportedFlows } from './exported.js';
import type { TrialCase, TrialSubject } from './harness.js';
import { octetsThrough, packetsThrough } from './links.js';
import { meter } from './metered.js';
import type { Bed } from './network.js';
import { noExporter } from './no-exporter.js';

const SECONDS = 5;
const RUNS = 5;
const TCP = 6;

/** One TCP connection as fast as the machine can, through a masquerading router. */
export function transferCase(bed: Bed, subjects: readonly Subject[]): TrialCase {
  return {
    name: 'one TCP connection at full rate',
    measures: {
      throughput: 'Gbit/s',
      'exporter, share of one core': '%',
      'exporter, for each packet of the traffic': 'us of processor time',
      'octets not exported': '%',
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
      const { router } = bed.net;
      const [packetsBefore, octetsBefore] = [packetsThrough(router, 'inside'), octetsThrough(router, 'inside')];
      let rate = Number.NaN;
      const used = await meter(bed, subject, async () => {
        rate = await throughput(bed);
        destroyKernelFlows(router);
      });
      if (subject === noExporter) return { throughput: rate };
      const octets = octetsThrough(router, 'inside') - octetsBefore;
      const exported = await exportedFlows(used.exported, addresses.client.v4, TCP);
      return {
        throughput: rate,
        'exporter, share of one core': (100 * used.subject) / SECONDS,
        'exporter, for each packet of the traffic': microseconds(
          used.subject,
          packetsThrough(router, 'inside') - packetsBefore,
        ),
        'octets not exported': (100 * (octets - exported.octets)) / octets,
        'resident memory': used.memory / 1e6,
      };
    },
  };
}

/** What the receiver got, in Gbit/s. */
async function throughput({ lab, net }: Bed): Promise<number> {
  const server = lab.own(net.server.start(['iperf3', '-s', '-1', '--forceflush']));
  await server.output(/listening/i, 10);
  const client = lab.own(net.client.start(['iperf3', '-J', '-t', String(SECONDS), '-c', addresses.server.v4]));
  if ((await client.ended()) !== 0) throw new Error(`iperf3 ended with ${client.status}: ${client.stdout}`);
  await server.ended();
  const { end } = JSON.parse(client.stdout) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}
