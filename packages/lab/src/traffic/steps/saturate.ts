import { WeirError } from '../../error.js';
import type { LabProcess } from '../../run/process.js';
import { until } from '../../run/wait.js';
import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';

const port = 5201;
/** Each connection of iperf3 begins with so many octets that say which test it belongs to (COOKIE_SIZE of iperf.h). */
const cookie = 37;

interface Report {
  start: { connected: { local_port: number }[] };
  end: { sum_sent: { bytes: number }; sum_received: { bits_per_second: number } };
}

/** Octets are of iperf3's data connection; what it says on its control connection is not told. */
export async function sendSaturate(network: Network, step: StepOf<'saturate'>): Promise<Sent> {
  const { source, destination } = endsOf(network, step);
  await Ground.of(network).once(step.to, 'iperf3', async () => {
    const server = network.node(step.to).start(['iperf3', '-s', '-p', String(port), '--forceflush']);
    await server.output(/listening/i, 10);
    return server;
  });
  const running = network
    .node(step.from)
    .start(['iperf3', '-J', '-c', destination, '-p', String(port), '-t', String(step.seconds)]);
  const control = until('a test of iperf3', 20, () => localPorts(network, step.from, running));
  if ((await running.ended()) !== 0)
    throw new WeirError(`iperf3 ended with ${running.status}: ${running.stdout.trim()}`);
  const { start, end } = JSON.parse(running.stdout) as Report;
  const dataPort = start.connected[0]!.local_port;
  const ends = { protocol: 6, source, destination, destinationPort: port, answered: true };
  const flows = (await control).map(sourcePort => ({
    ...ends,
    sourcePort,
    ...(sourcePort === dataPort ? { payload: end.sum_sent.bytes + cookie } : {}),
  }));
  return { flows, throughput: end.sum_received.bits_per_second / 1e9 };
}

/** The ports of both connections of the test; iperf3 itself tells only the data connection's. */
function localPorts(network: Network, node: string, running: LabProcess): number[] | undefined {
  if (running.status !== undefined)
    throw new WeirError(`iperf3 ended before its connections were seen: ${running.stdout}`);
  const listed = network.node(node).run(['ss', '-Htn', 'state', 'established', `dport = :${port}`]);
  const ports = listed
    .split('\n')
    .filter(Boolean)
    .map(line => Number(line.trim().split(/\s+/)[2]!.split(':').at(-1)));
  return ports.length === 2 ? ports : undefined;
}
