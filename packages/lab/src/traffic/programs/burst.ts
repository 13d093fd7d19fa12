// As many UDP flows of one packet each as wanted, as fast as the kernel takes them, through one raw socket.
import { WeirError } from '../../error.js';
import { MessageVector } from './message-vector.js';
import { order, tell } from './tell.js';

interface BurstOrder {
  source: string;
  destination: string;
  flows: number;
  /** Destination ports from here on, each with all source ports. */
  firstPort: number;
  payload: number;
  sourcePorts: { first: number; count: number };
}

function writeIpv4Address(packet: DataView, at: number, address: string): void {
  address.split('.').forEach((octet, i) => {
    packet.setUint8(at + i, Number(octet));
  });
}

/** The IPv4 and UDP headers (RFC 791, RFC 768); the kernel fills in the IPv4 checksum, a UDP checksum of 0 means none. */
function writePacket(packet: DataView, o: BurstOrder): void {
  packet.setUint8(0, 0x45);
  packet.setUint16(2, packet.byteLength);
  packet.setUint8(8, 64);
  packet.setUint8(9, 17);
  writeIpv4Address(packet, 12, o.source);
  writeIpv4Address(packet, 16, o.destination);
  packet.setUint16(24, packet.byteLength - 20);
}

const o = order<BurstOrder>();
const { sourcePorts } = o;
if (o.flows > sourcePorts.count * (65_536 - o.firstPort)) throw new WeirError('more flows than ports; ask for fewer');
const vector = new MessageVector(o.destination, 28 + o.payload);
for (const packet of vector.packets) writePacket(packet, o);
const begun = performance.now();
for (let flow = 0; flow < o.flows; ) {
  const count = Math.min(vector.packets.length, o.flows - flow);
  for (let i = 0; i < count; i++, flow++) {
    vector.packets[i]!.setUint16(20, sourcePorts.first + (flow % sourcePorts.count));
    vector.packets[i]!.setUint16(22, o.firstPort + Math.floor(flow / sourcePorts.count));
  }
  vector.send(count);
}
vector.close();
tell({ flows: o.flows, octets: o.flows * (28 + o.payload), seconds: (performance.now() - begun) / 1000 });
