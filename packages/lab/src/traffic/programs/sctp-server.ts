// Answers SCTP by raw socket, packet for packet, until it is ended: a kernel without SCTP has no sockets for it.
import { RawSocket } from './raw-socket.js';
import { chunk, initBody, readSctp, SCTP, type SctpPacket, serverTag, words, writeSctp } from './sctp.js';
import { order, tell } from './tell.js';

const { family, port } = order<{ family: 4 | 6; port: number }>();

/** The answer's chunk. */
function answer({ type, body }: SctpPacket): { type: number; body: Buffer } | undefined {
  switch (type) {
    case chunk.init: {
      // A State Cookie parameter (section 3.3.3.1), which the client brings back.
      const cookie = Buffer.concat([Buffer.from([0, 7, 0, 12]), Buffer.from('a cookie')]);
      return { type: chunk.initAck, body: initBody(serverTag(body.readUInt32BE(0)), cookie) };
    }
    case chunk.cookieEcho:
      return { type: chunk.cookieAck, body: Buffer.alloc(0) };
    case chunk.data:
      return { type: chunk.sack, body: words(body.readUInt32BE(0), 65_536, 0) };
    case chunk.shutdown:
      return { type: chunk.shutdownAck, body: Buffer.alloc(0) };
    default:
      return undefined;
  }
}

const socket = new RawSocket(family, SCTP);
tell({ ready: true });
for (;;) {
  const got = socket.receive();
  if (got === undefined || got.payload.length < 16) continue;
  const packet = readSctp(got.payload);
  const reply = packet.destinationPort === port ? answer(packet) : undefined;
  if (reply === undefined) continue;
  // The INIT brings the client's tag, all that follows the server's, which is made from it.
  const tag = packet.type === chunk.init ? packet.body.readUInt32BE(0) : serverTag(packet.tag);
  const ports = { sourcePort: port, destinationPort: packet.sourcePort };
  socket.send(writeSctp({ ...ports, tag, ...reply }), got.from);
}
