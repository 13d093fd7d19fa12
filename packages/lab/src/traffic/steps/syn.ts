import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { silentPorts } from '../../topology/schema.js';
import type { SentFlow } from '../../truth/flow.js';
import { runProgram } from '../drive.js';
import { type Ends, endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';

/** Of TCP's header without options. */
const segment = 20;

interface Answer {
  sourcePort: number;
  destinationPort: number;
  packets: number;
  octets: number;
  open: boolean;
}

function flow(
  { source, destination, header }: Ends,
  sourcePort: number,
  destinationPort: number,
  got?: Answer,
): SentFlow {
  // The host's own kernel resets what an open port believes to be a connection.
  const packets = got?.open ? 2 : 1;
  return {
    protocol: 6,
    source,
    sourcePort,
    destination,
    destinationPort,
    packets,
    octets: packets * (header + segment),
    reversePackets: got?.packets ?? 0,
    reverseOctets: got === undefined ? 0 : got.packets * header + got.octets,
    answered: got !== undefined,
  };
}

export async function sendUnanswered(network: Network, step: StepOf<'unanswered'>): Promise<Sent> {
  const ends = endsOf(network, step);
  const { source, destination } = ends;
  const first = Ground.of(network).take(`syn ${source} ${destination}`, 10_000, step.flows);
  const sourcePorts = { first, count: step.flows };
  const destinationPorts = { first: silentPorts.tcp, count: 1 };
  await runProgram(network.node(step.from), 'syns', {
    source,
    destination,
    sourcePorts,
    destinationPorts,
    patience: 0,
  });
  return { flows: Array.from({ length: step.flows }, (_, i) => flow(ends, first + i, silentPorts.tcp)) };
}

export async function sendScan(network: Network, step: StepOf<'scan'>): Promise<Sent> {
  const ends = endsOf(network, step);
  const { source, destination } = ends;
  const sourcePort = Ground.of(network).take(`scan ${source} ${destination}`, 32_000, 1);
  const order = {
    source,
    destination,
    sourcePorts: { first: sourcePort, count: 1 },
    destinationPorts: { first: 1, count: step.ports },
    patience: 1000,
  };
  const answers = await runProgram<Answer[]>(network.node(step.from), 'syns', order);
  const byPort = new Map(answers.map(answer => [answer.destinationPort, answer]));
  return { flows: Array.from({ length: step.ports }, (_, i) => flow(ends, sourcePort, i + 1, byPort.get(i + 1))) };
}
