// Short TCP connections to a responder: each with a request and an answer, 32 at a time.
import { once } from 'node:events';
import { connect } from 'node:net';
import { writeHeader } from './header.js';
import { order, tell } from './tell.js';

interface ShortConnectionsOrder {
  host: string;
  port: number;
  connections: number;
  /** The source ports are firstPort, firstPort + 1, ... so that no two flows can share one. */
  firstPort: number;
  upload: number;
  download: number;
}

const atOnce = 32;
const { host, port, connections, firstPort, upload, download } = order<ShortConnectionsOrder>();
const request = Buffer.concat([writeHeader(upload, download), Buffer.alloc(upload, 0x57)]);

async function exchange(localPort: number): Promise<void> {
  const socket = connect({ host, port, localPort, noDelay: true });
  socket.resume();
  socket.write(request);
  await once(socket, 'close');
}

let next = 0;
async function worker(): Promise<void> {
  while (next < connections) await exchange(firstPort + next++);
}
await Promise.all(Array.from({ length: atOnce }, worker));
tell({ connections });
