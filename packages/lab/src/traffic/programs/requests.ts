// Short UDP flows: each from a source port of its own sends one request and waits for the answer.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { order, tell } from './tell.js';

interface RequestsOrder {
  host: string;
  port: number;
  flows: number;
  /** The source ports are firstPort, firstPort + 1, ... so that no two flows can share one. */
  firstPort: number;
  octets: number;
}

const atOnce = 32;
const patience = 20_000;

async function request(o: RequestsOrder, sourcePort: number): Promise<boolean> {
  // An IPv6 socket of its own kind lets one of IPv4 have the same port; an IPv4 socket refuses the option.
  const socket = o.host.includes(':') ? createSocket({ type: 'udp6', ipv6Only: true }) : createSocket('udp4');
  try {
    socket.bind(sourcePort);
    await once(socket, 'listening');
    socket.send(Buffer.alloc(o.octets, 0x51), o.port, o.host);
    await once(socket, 'message', { signal: AbortSignal.timeout(patience) });
    return true;
  } catch (problem) {
    // No answer is an answer. A request that could not be sent is none: who wrote it down would tell what was not.
    if ((problem as Error).name !== 'AbortError') throw problem;
    return false;
  } finally {
    socket.close();
  }
}

const o = order<RequestsOrder>();
let next = 0;
const unanswered: number[] = [];
async function worker(): Promise<void> {
  while (next < o.flows) {
    const sourcePort = o.firstPort + next++;
    if (!(await request(o, sourcePort))) unanswered.push(sourcePort);
  }
}
await Promise.all(Array.from({ length: atOnce }, worker));
tell({ flows: next, answered: next - unanswered.length, unanswered });
