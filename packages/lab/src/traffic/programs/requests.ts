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
const patience = 5000;

async function request(o: RequestsOrder, sourcePort: number): Promise<boolean> {
  const socket = createSocket(o.host.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.bind(sourcePort);
    await once(socket, 'listening');
    socket.send(Buffer.alloc(o.octets, 0x51), o.port, o.host);
    await once(socket, 'message', { signal: AbortSignal.timeout(patience) });
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

const o = order<RequestsOrder>();
let next = 0;
let answered = 0;
async function worker(): Promise<void> {
  while (next < o.flows) {
    if (await request(o, o.firstPort + next++)) answered++;
  }
}
await Promise.all(Array.from({ length: atOnce }, worker));
tell({ flows: next, answered });
