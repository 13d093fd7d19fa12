// SCTP associations by raw socket, one after the other: set up, one message, shut down. Tells the packets and octets of each.
import { familyOf } from './packet.js';
import { RawSocket, socketAddress } from './raw-socket.js';
import { chunk, initBody, readSctp, SCTP, type SctpPacket, words, writeSctp } from './sctp.js';
import { order, tell } from './tell.js';

interface SctpOrder {
  host: string;
  port: number;
  flows: number;
  firstPort: number;
}

/** What both sides sent in one association; octets of SCTP. */
interface Association {
  sourcePort: number;
  packets: number;
  octets: number;
  reversePackets: number;
  reverseOctets: number;
  complete: boolean;
}

const patience = 2000;
const message = Buffer.from('what a probe should see, padded!');

const o = order<SctpOrder>();
const socket = new RawSocket(familyOf(o.host), SCTP);
const to = socketAddress(o.host);

function associate(sourcePort: number): Association {
  const done = { sourcePort, packets: 0, octets: 0, reversePackets: 0, reverseOctets: 0, complete: false };
  const send = (tag: number, type: number, body: Buffer, flags = 0): void => {
    const packet = writeSctp({ sourcePort, destinationPort: o.port, tag, type, body }, flags);
    socket.send(packet, to);
    done.packets++;
    done.octets += packet.length;
  };
  const expect = (type: number): SctpPacket | undefined => {
    for (let got = socket.receive(patience); got !== undefined; got = socket.receive(patience)) {
      const packet = readSctp(got.payload);
      if (packet.destinationPort !== sourcePort) continue;
      done.reversePackets++;
      done.reverseOctets += got.payload.length;
      if (packet.type === type) return packet;
    }
    return undefined;
  };
  send(0, chunk.init, initBody(0xc11e_0000 + sourcePort));
  const initAck = expect(chunk.initAck);
  if (initAck === undefined) return done;
  const tag = initAck.body.readUInt32BE(0);
  const steps: [number, Buffer, number, number][] = [
    [chunk.cookieEcho, initAck.body.subarray(20), 0, chunk.cookieAck],
    // Beginning and end of a message (section 3.3.1): TSN, stream and its number, payload protocol.
    [chunk.data, Buffer.concat([words(1, 0, 0), message]), 3, chunk.sack],
    [chunk.shutdown, words(0), 0, chunk.shutdownAck],
  ];
  for (const [type, body, flags, reply] of steps) {
    send(tag, type, body, flags);
    if (expect(reply) === undefined) return done;
  }
  send(tag, chunk.shutdownComplete, Buffer.alloc(0));
  done.complete = true;
  return done;
}

tell(Array.from({ length: o.flows }, (_, i) => associate(o.firstPort + i)));
