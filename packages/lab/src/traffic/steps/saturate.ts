import { WeirError } from '../../error.js';
import type { LabProcess } from '../../run/process.js';
import { until } from '../../run/wait.js';
import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { endsOf } from '../ground.js';
import type { Sent } from '../run.js';

const port = 5201;
/** Each connection of iperf3 begins with so many octets that say which test it belongs to (COOKIE_SIZE of iperf.h). */
const cookie = 37;

/** What both sides say: who has connected for the data, who for the control of the test. */
interface ClientReport {
  start: { connected: { local_port: number }[] };
  end: { sum_sent: { bytes: number }; sum_received: { bits_per_second: number } };
}
interface ServerReport {
  start: { accepted_connection: { port: number } };
}

/** Octets are of iperf3's data connection; what it says on its control connection is not told. */
export async function sendSaturate(network: Network, step: StepOf<'saturate'>): Promise<Sent> {
  const { source, destination } = endsOf(network, step);
  const node = network.node(step.to);
  const server = network.lab.own(node.start(['iperf3', '-s', '-1', '-J', '-p', String(port)]));
  await until('iperf3 to listen', 20, () => node.run(['ss', '-Hltn', `sport = :${port}`]) || undefined);
  const options = ['-J', '-c', destination, '-p', String(port), '-t', String(step.seconds)];
  const { start, end } = await reportOf<ClientReport>(network.node(step.from).start(['iperf3', ...options]));
  const accepted = (await reportOf<ServerReport>(server)).start.accepted_connection;
  const ends = { protocol: 6, source, destination, destinationPort: port, answered: true };
  const flows = [
    { ...ends, sourcePort: start.connected[0]!.local_port, payload: end.sum_sent.bytes + cookie },
    { ...ends, sourcePort: accepted.port },
  ];
  return { flows, throughput: end.sum_received.bits_per_second / 1e9 };
}

async function reportOf<T>(running: LabProcess): Promise<T> {
  const status = await running.ended();
  if (status !== 0) throw new WeirError(`iperf3 ended with ${status}: ${running.stdout.trim()}`);
  return JSON.parse(running.stdout) as T;
}
