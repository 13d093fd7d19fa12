import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { runProgram, startProgram } from '../drive.js';
import { endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';

interface Association {
  sourcePort: number;
  packets: number;
  octets: number;
  reversePackets: number;
  reverseOctets: number;
  complete: boolean;
}

export async function sendSctp(network: Network, step: StepOf<'sctp'>): Promise<Sent> {
  const ground = Ground.of(network);
  const { source, destination, header } = endsOf(network, step);
  const port = 7000;
  await ground.once(step.to, `sctp ${step.family}`, async () => {
    const server = startProgram(network.node(step.to), 'sctp-server', { family: step.family, port });
    await server.output(/"ready":true/, 10);
    return server;
  });
  const firstPort = ground.take(`sctp ${source} ${destination}`, 10_000, step.flows);
  const order = { host: destination, port, flows: step.flows, firstPort };
  const done = await runProgram<Association[]>(network.node(step.from), 'sctp-client', order);
  const flows = done.map(({ sourcePort, packets, octets, reversePackets, reverseOctets, complete }) => ({
    protocol: 132,
    source,
    sourcePort,
    destination,
    destinationPort: port,
    packets,
    octets: octets + packets * header,
    reversePackets,
    reverseOctets: reverseOctets + reversePackets * header,
    answered: complete,
  }));
  return { flows };
}
