// Takes the Messages of one exporter over TCP, so that none is lost on the way, falsifies them, and passes them on as datagrams.
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { order, tell } from '../../traffic/programs/tell.js';
import { MessageReader } from '../../wire/index.js';
import { breakers } from '../breaking.js';

const HEADER_OCTETS = 16;

const { breaker, from, to } = order<{ breaker: string; from: number; to: number }>();
const falsify = breakers[breaker]!();
const reader = new MessageReader(false);
const out = createSocket('udp4');
let passed = 0;

async function passOn(message: Buffer): Promise<void> {
  const falsified = falsify(reader.read(message));
  if (falsified === undefined) return;
  passed++;
  await new Promise<void>((resolve, reject) => {
    out.send(falsified, to, '127.0.0.1', problem => (problem === null ? resolve() : reject(problem)));
  });
}

async function relay(exporter: Socket): Promise<void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of exporter) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= HEADER_OCTETS && rest.length >= rest.readUInt16BE(2)) {
      const length = rest.readUInt16BE(2);
      // A copy: what the reader keeps and the breaker writes is its own.
      await passOn(Buffer.from(rest.subarray(0, length)));
      rest = rest.subarray(length);
    }
  }
}

const server = createServer(async exporter => {
  await relay(exporter);
  tell({ passed });
  server.close();
  out.close();
});
server.listen(from, '127.0.0.1', () => tell({ ready: true }));
