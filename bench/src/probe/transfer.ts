import { addresses, type Lab, processSeconds, type Topology } from '@weir/lab';
import type { TrialCase, TrialSubject } from '../harness.js';
import { type Meter, pmacctd, softflowd, weir } from './subjects.js';

const SECONDS = 5;
const RUNS = 5;

/** One TCP connection as fast as the machine can, through a masquerading router. */
export function transferCase(lab: Lab, net: Topology): TrialCase {
  const subjects = [plain(lab, net), ...[weir, softflowd, pmacctd].map(each => metered(lab, net, each))];
  return {
    name: 'one TCP connection at full rate',
    measures: { throughput: 'Gbit/s', 'exporter, share of one core': '%' },
    subjects,
    runs: RUNS,
  };
}

function plain(lab: Lab, net: Topology): TrialSubject {
  return { name: 'no exporter', trial: async () => ({ throughput: await throughput(lab, net) }) };
}

function metered(lab: Lab, net: Topology, meter: Meter): TrialSubject {
  return {
    name: meter.name,
    async trial() {
      const exporter = await meter.start(lab, net.router);
      const before = processSeconds(exporter.pid);
      const rate = await throughput(lab, net);
      const used = processSeconds(exporter.pid) - before;
      await exporter.stop();
      return { throughput: rate, 'exporter, share of one core': (100 * used) / SECONDS };
    },
  };
}

/** What the receiver got, in Gbit/s. */
async function throughput(lab: Lab, net: Topology): Promise<number> {
  const server = lab.own(net.server.start(['iperf3', '-s', '-1', '--forceflush']));
  await server.output(/listening/i, 10);
  const client = lab.own(net.client.start(['iperf3', '-J', '-t', String(SECONDS), '-c', addresses.server.v4]));
  if ((await client.ended()) !== 0) throw new Error(`iperf3 ended with ${client.status}: ${client.stdout}`);
  await server.ended();
  const { end } = JSON.parse(client.stdout) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}
