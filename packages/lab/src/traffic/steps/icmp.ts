import { WeirError } from '../../error.js';
import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { endsOf } from '../ground.js';
import type { Sent } from '../run.js';
import { echoCommand, echoHeader, echoPayload } from '../traffic.js';

export async function sendPing(network: Network, step: StepOf<'ping'>): Promise<Sent> {
  const { source, destination, header } = endsOf(network, step);
  const running = network.node(step.from).start(echoCommand(destination, step.count));
  await running.ended();
  const answers = Number(running.stdout.match(/(\d+) received/)?.[1]);
  if (Number.isNaN(answers)) throw new WeirError(`ping to ${destination} did not run: ${running.stderr.trim()}`);
  const size = header + echoHeader + echoPayload;
  const key = { protocol: step.family === 4 ? 1 : 58, source, sourcePort: 0, destination, destinationPort: 0 };
  const counters = { packets: step.count, octets: step.count * size };
  const reverse = { reversePackets: answers, reverseOctets: answers * size };
  return { flows: [{ ...key, ...counters, ...reverse, answered: answers > 0 }] };
}
