// UDP requests over IPv6 behind extension headers (RFC 8200 section 4), each from a source port of its own, whole or in fragments.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { ipPacket, UDP, udpDatagram } from './packet.js';
import { IPPROTO_RAW, RawSocket, socketAddress } from './raw-socket.js';
import { order, tell } from './tell.js';

interface ExtensionOrder {
  source: string;
  host: string;
  port: number;
  flows: number;
  firstPort: number;
  octets: number;
  fragments: number;
}

const [HOP_BY_HOP, FRAGMENT, DESTINATION_OPTIONS] = [0, 44, 60];
const patience = 5000;
const atOnce = 16;

const o = order<ExtensionOrder>();
const ends = { source: o.source, destination: o.host };
const raw = new RawSocket(6, IPPROTO_RAW);
const to = socketAddress(o.host);
const data = Buffer.alloc(o.octets, 0x45);

/** Hop-by-hop or destination options: nothing but a PadN of six octets (section 4.2). */
function options(next: number): Buffer {
  return Buffer.from([next, 0, 1, 4, 0, 0, 0, 0]);
}

function send(sourcePort: number): void {
  const datagram = udpDatagram(ends, sourcePort, o.port, data);
  const rest = Buffer.concat([options(UDP), datagram]);
  if (o.fragments === 1) {
    raw.send(ipPacket(o.source, o.host, HOP_BY_HOP, Buffer.concat([options(DESTINATION_OPTIONS), rest])), to);
    return;
  }
  // All fragments but the last are of a multiple of eight octets (section 4.5).
  const size = Math.ceil(rest.length / o.fragments / 8) * 8;
  for (let at = 0; at < rest.length; at += size) {
    const header = Buffer.from([DESTINATION_OPTIONS, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt16BE(at | (at + size < rest.length ? 1 : 0), 2);
    header.writeUInt32BE(sourcePort, 4);
    const payload = Buffer.concat([options(FRAGMENT), header, rest.subarray(at, at + size)]);
    raw.send(ipPacket(o.source, o.host, HOP_BY_HOP, payload), to);
  }
}

async function request(sourcePort: number): Promise<boolean> {
  // Who is bound to the port takes the answer, so that the kernel does not refuse it.
  const socket = createSocket({ type: 'udp6', ipv6Only: true });
  try {
    socket.bind(sourcePort);
    await once(socket, 'listening');
    const answer = once(socket, 'message', { signal: AbortSignal.timeout(patience) });
    send(sourcePort);
    await answer;
    return true;
  } catch (problem) {
    if ((problem as Error).name !== 'AbortError') throw problem;
    return false;
  } finally {
    socket.close();
  }
}

let next = 0;
const unanswered: number[] = [];
async function worker(): Promise<void> {
  while (next < o.flows) {
    const sourcePort = o.firstPort + next++;
    if (!(await request(sourcePort))) unanswered.push(sourcePort);
  }
}
await Promise.all(Array.from({ length: atOnce }, worker));
tell({ unanswered });
