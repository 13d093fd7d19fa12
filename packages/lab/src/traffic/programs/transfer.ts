// TCP connections, `connections` at once (default: one): each sends exactly `upload` octets (at `rate` octets a second, if given, in even steps of 20 ms), then
// receives exactly `download`. `reset` and `stay` leave the other side waiting for more: a RST ends the connection, or nothing does.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { headerOctets, writeHeader } from './header.js';
import { order, tell } from './tell.js';

interface TransferOrder {
  host: string;
  port: number;
  upload: number;
  download: number;
  rate?: number;
  connections?: number;
  ending?: 'reset' | 'stay';
}

const stepMilliseconds = 20;
const filler = Buffer.alloc(64 * 1024, 0x57);

async function send(socket: Socket, octets: number): Promise<void> {
  for (let left = octets; left > 0; ) {
    const part = filler.subarray(0, Math.min(left, filler.length));
    left -= part.length;
    if (!socket.write(part)) await once(socket, 'drain');
  }
}

async function sendEvenly(socket: Socket, octets: number, rate: number): Promise<void> {
  const begun = performance.now();
  for (let sent = 0; sent < octets; ) {
    const due = Math.min(octets, Math.round(((performance.now() - begun) * rate) / 1000));
    await send(socket, due - sent);
    sent = due;
    await sleep(stepMilliseconds);
  }
}

async function transfer({ host, port, upload, download, rate, ending }: TransferOrder): Promise<object> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  const start = Date.now();
  const { localAddress, localPort } = socket;
  let received = 0;
  socket.on('data', chunk => {
    received += chunk.length;
  });
  const ended = once(socket, 'end');
  socket.write(writeHeader(ending === undefined ? upload : upload + 1, download));
  await (rate === undefined ? send(socket, upload) : sendEvenly(socket, upload, rate));
  let end = Date.now();
  if (ending === undefined) {
    await ended;
    end = Date.now();
    socket.end();
  } else if (ending === 'reset') {
    await sleep(stepMilliseconds);
    socket.resetAndDestroy();
  }
  return { localAddress, localPort, sent: headerOctets + upload, received, start, end };
}

const o = order<TransferOrder>();
tell(await Promise.all(Array.from({ length: o.connections ?? 1 }, () => transfer(o))));
