import { raiseTableLimit } from '../../namespaces/globals.js';
import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { silentPorts } from '../../topology/schema.js';
import type { SentFlow } from '../../truth/flow.js';
import { endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';
import { burst, burstSourcePorts, requests } from '../traffic.js';

const udpHeader = 8;

export async function sendRequests(network: Network, step: StepOf<'requests'>): Promise<Sent> {
  const ground = Ground.of(network);
  const { source, destination, header } = endsOf(network, step);
  const size = header + udpHeader + step.octets;
  const flows: SentFlow[] = [];
  for (const { port, first, count } of ground.pairs(`udp ${source} ${destination}`, step.flows)) {
    await ground.responder(step.to, port);
    const order = { host: destination, port, flows: count, firstPort: first, octets: step.octets };
    const { unanswered } = await requests(network.node(step.from), order);
    const silent = new Set(unanswered);
    for (let sourcePort = first; sourcePort < first + count; sourcePort++) {
      const key = { protocol: 17, source, sourcePort, destination, destinationPort: port };
      const answers = silent.has(sourcePort) ? 0 : 1;
      const reverse = { reversePackets: answers, reverseOctets: answers * size, answered: answers > 0 };
      flows.push({ ...key, packets: 1, octets: size, ...reverse });
    }
  }
  return { flows };
}

export async function sendFlood(network: Network, step: StepOf<'flood'>): Promise<Sent> {
  const { source, destination, header } = endsOf(network, { ...step, family: 4 });
  const ports = Math.ceil(step.flows / burstSourcePorts.count);
  const firstPort = Ground.of(network).take(`flood ${source} ${destination}`, silentPorts.udp.first, ports);
  // Half as many again: tables are full before the last entry, and other flows need room, too.
  network.lab.later(raiseTableLimit(Math.ceil(step.flows * 1.5)));
  await burst(network.node(step.from), { source, destination, flows: step.flows, firstPort, payload: step.octets });
  const octets = header + udpHeader + step.octets;
  const none = { reversePackets: 0, reverseOctets: 0, answered: false };
  const flows = Array.from({ length: step.flows }, (_, i): SentFlow => {
    const sourcePort = burstSourcePorts.first + (i % burstSourcePorts.count);
    const destinationPort = firstPort + Math.floor(i / burstSourcePorts.count);
    return { protocol: 17, source, sourcePort, destination, destinationPort, packets: 1, octets, ...none };
  });
  return { flows };
}
