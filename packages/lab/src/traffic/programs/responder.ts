// Answers on one TCP and one UDP port, IPv4 and IPv6, until it is ended; then tells what it received.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { headerOctets, readHeader } from './header.js';
import { order, tell } from './tell.js';

const { port } = order<{ port: number }>();
const received = { connections: 0, tcpOctets: 0, requests: 0 };
const filler = Buffer.alloc(64 * 1024, 0x77);

/** Sends `octets` of filler at the pace of the reader, then closes this direction. */
function answer(socket: Socket, octets: number): void {
  let left = octets;
  const fill = (): void => {
    while (left > 0) {
      const part = filler.subarray(0, Math.min(left, filler.length));
      left -= part.length;
      if (!socket.write(part)) {
        socket.once('drain', fill);
        return;
      }
    }
    socket.end();
  };
  fill();
}

const tcp = createServer({ allowHalfOpen: true }, socket => {
  received.connections++;
  let head = Buffer.alloc(0);
  let expected = -1;
  let got = 0;
  let download = 0;
  socket.on('data', chunk => {
    received.tcpOctets += chunk.length;
    got += chunk.length;
    if (expected < 0) {
      head = Buffer.concat([head, chunk]);
      if (head.length < headerOctets) return;
      const header = readHeader(head);
      expected = headerOctets + header.upload;
      download = header.download;
    }
    if (got >= expected) answer(socket, download);
  });
  socket.on('error', () => socket.destroy());
});

const udp = createSocket('udp6');
udp.on('message', (request, from) => {
  received.requests++;
  udp.send(request, from.port, from.address);
});

process.once('SIGTERM', () => {
  tell(received);
  process.exit(0);
});
tcp.listen(port, '::', () => udp.bind(port, '::', () => tell({ ready: true, port })));
