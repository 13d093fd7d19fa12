// Short TCP connections to a responder: each with a request and an answer, 32 at a time.
import { once } from 'node:events';
import { connect } from 'node:net';
import { writeHeader } from './header.js';
import { order, tell } from './tell.js';

interface ShortConnectionsOrder {
  host: string;
  port: number;
  connections: number;
  upload: number;
  download: number;
}

const atOnce = 32;
const { host, port, connections, upload, download } = order<ShortConnectionsOrder>();
const request = Buffer.concat([writeHeader(upload, download), Buffer.alloc(upload, 0x57)]);

async function exchange(): Promise<void> {
  const socket = connect({ host, port, noDelay: true });
  socket.resume();
  socket.write(request);
  await once(socket, 'close');
}

let next = 0;
async function worker(): Promise<void> {
  while (next++ < connections) await exchange();
}
await Promise.all(Array.from({ length: atOnce }, worker));
tell({ connections });
