import { raiseTableLimit } from '../../namespaces/globals.js';
import type { StepOf } from '../../scenario/scenario.js';
import type { Network } from '../../topology/network.js';
import { silentPorts } from '../../topology/schema.js';
import type { SentFlow } from '../../truth/flow.js';
import { runProgram } from '../drive.js';
import { type Ends, endsOf, Ground } from '../ground.js';
import type { Sent } from '../run.js';
import { burst, burstSourcePorts, requests } from '../traffic.js';

const udpHeader = 8;

/** A flow of one request, and of one answer if it came. */
function flow(ends: Ends, sourcePort: number, destinationPort: number, size: number, answered: boolean): SentFlow {
  const { source, destination } = ends;
  const answers = answered ? 1 : 0;
  const reverse = { reversePackets: answers, reverseOctets: answers * size, answered };
  return { protocol: 17, source, sourcePort, destination, destinationPort, packets: 1, octets: size, ...reverse };
}

export async function sendRequests(network: Network, step: StepOf<'requests'>): Promise<Sent> {
  const ground = Ground.of(network);
  const ends = endsOf(network, step);
  const { source, destination, header } = ends;
  const size = header + udpHeader + step.octets;
  const flows: SentFlow[] = [];
  for (const { port, first, count } of ground.pairs(`udp ${source} ${destination}`, step.flows)) {
    await ground.responder(step.to, port);
    const order = { host: destination, port, flows: count, firstPort: first, octets: step.octets };
    const silent = new Set((await requests(network.node(step.from), order)).unanswered);
    for (let own = first; own < first + count; own++) flows.push(flow(ends, own, port, size, !silent.has(own)));
  }
  return { flows };
}

/** Of each request's and answer's data, in the flows with extension headers. */
const extendedOctets = 512;
/** Hop-by-hop and destination options, eight octets each. */
const extensionOctets = 16;

/** Who counts whole packets sees one where fragments passed: how many there are is then not the sender's to say. */
export async function sendExtensionHeaders(network: Network, step: StepOf<'extension-headers'>): Promise<Sent> {
  const ground = Ground.of(network);
  const ends = endsOf(network, { ...step, family: 6 });
  const { source, destination: host, header } = ends;
  const size = header + udpHeader + extendedOctets;
  const flows: SentFlow[] = [];
  for (const { port, first, count } of ground.pairs(`udp ${source} ${host}`, step.flows)) {
    await ground.responder(step.to, port);
    const order = {
      source,
      host,
      port,
      flows: count,
      firstPort: first,
      octets: extendedOctets,
      fragments: step.fragments,
    };
    const done = await runProgram<{ unanswered: number[] }>(network.node(step.from), 'extension-headers', order);
    for (let own = first; own < first + count; own++) {
      const { packets, octets, ...rest } = flow(ends, own, port, size, !done.unanswered.includes(own));
      const exact = step.fragments === 1 ? { packets: packets!, octets: octets! + extensionOctets } : {};
      flows.push({ ...rest, ...exact, payload: extendedOctets });
    }
  }
  return { flows };
}

export async function sendFlood(network: Network, step: StepOf<'flood'>): Promise<Sent> {
  const ends = endsOf(network, { ...step, family: 4 });
  const { source, destination, header } = ends;
  const ports = Math.ceil(step.flows / burstSourcePorts.count);
  const firstPort = Ground.of(network).take(`flood ${source} ${destination}`, silentPorts.udp.first, ports);
  // Half as many again: tables are full before the last entry, and other flows need room, too.
  network.lab.later(raiseTableLimit(Math.ceil(step.flows * 1.5)));
  await burst(network.node(step.from), { source, destination, flows: step.flows, firstPort, payload: step.octets });
  const size = header + udpHeader + step.octets;
  const flows = Array.from({ length: step.flows }, (_, i) => {
    const sourcePort = burstSourcePorts.first + (i % burstSourcePorts.count);
    return flow(ends, sourcePort, firstPort + Math.floor(i / burstSourcePorts.count), size, false);
  });
  return { flows };
}
