// A SYN from each source port to each destination port, by raw socket; tells what came back to each pair.
import { setTimeout as sleep } from 'node:timers/promises';
import { familyOf, ipPacket, TCP, tcpSyn } from './packet.js';
import { IPPROTO_RAW, RawSocket, socketAddress } from './raw-socket.js';
import { order, tell } from './tell.js';

interface Range {
  first: number;
  count: number;
}

interface SynsOrder {
  source: string;
  destination: string;
  sourcePorts: Range;
  destinationPorts: Range;
  /** Milliseconds to wait for answers. */
  patience: number;
}

interface Answer {
  sourcePort: number;
  destinationPort: number;
  packets: number;
  /** Of TCP. */
  octets: number;
  /** The port is open: this host's kernel, which knows of no connection, then answers with a RST. */
  open: boolean;
}

const o = order<SynsOrder>();
const family = familyOf(o.destination);
const to = socketAddress(o.destination);
const sender = new RawSocket(family, IPPROTO_RAW);
const listener = new RawSocket(family, TCP);
const answers = new Map<number, Answer>();
const holds = ({ first, count }: Range, port: number): boolean => port >= first && port < first + count;

function listen(): void {
  for (let got = listener.receive(0); got !== undefined; got = listener.receive(0)) {
    const [destinationPort, sourcePort] = [got.payload.readUInt16BE(0), got.payload.readUInt16BE(2)];
    if (!holds(o.sourcePorts, sourcePort) || !holds(o.destinationPorts, destinationPort)) continue;
    const key = sourcePort * 65_536 + destinationPort;
    const known = answers.get(key) ?? { sourcePort, destinationPort, packets: 0, octets: 0, open: false };
    known.packets++;
    known.octets += got.payload.length;
    known.open ||= (got.payload[13]! & 0x12) === 0x12;
    answers.set(key, known);
  }
}

for (let i = 0; i < o.sourcePorts.count; i++) {
  for (let j = 0; j < o.destinationPorts.count; j++) {
    const syn = tcpSyn(o, o.sourcePorts.first + i, o.destinationPorts.first + j);
    sender.send(ipPacket(o.source, o.destination, TCP, syn), to);
    listen();
  }
}
for (
  let waited = 0;
  waited < o.patience && answers.size < o.sourcePorts.count * o.destinationPorts.count;
  waited += 20
) {
  await sleep(20);
  listen();
}
tell([...answers.values()]);
