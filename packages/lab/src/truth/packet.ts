/** What a frame tells of its flow. One object for all packets, written anew for each. */
export interface Packet {
  /** Binary text: the octets of the addresses. */
  source: string;
  destination: string;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
  /** Layer 3, as its header tells. */
  octets: number;
  tcpFlags: number;
  icmpType: number;
  /** Of a fragment: binary text that all fragments of its datagram share, and whether it is the one with the upper-layer header. */
  fragmentOf: string;
  firstFragment: boolean;
  /** Octets of headers that are gone once the datagram is whole: what a fragment has more than its part of the payload. */
  overhead: number;
}

export const emptyPacket = (): Packet => ({
  source: '',
  destination: '',
  protocol: 0,
  sourcePort: 0,
  destinationPort: 0,
  octets: 0,
  tcpFlags: 0,
  icmpType: -1,
  fragmentOf: '',
  firstFragment: false,
  overhead: 0,
});

/** Reads an Ethernet frame. False where it is no IP packet, or so short that its flow cannot be known. */
export function readPacket(data: Buffer, at: number, length: number, original: number, packet: Packet): boolean {
  const end = at + length;
  let ip = at + 14;
  if (ip > end) return false;
  let type = data.readUInt16BE(at + 12);
  // IEEE 802.1Q and 802.1ad tags.
  for (; (type === 0x8100 || type === 0x88a8) && ip + 4 <= end; ip += 4) type = data.readUInt16BE(ip + 2);
  packet.fragmentOf = '';
  packet.overhead = 0;
  const onWire = original - (ip - at);
  if (type === 0x0800) return readIpv4(data, ip, end, onWire, packet);
  if (type === 0x86dd) return readIpv6(data, ip, end, onWire, packet);
  return false;
}

/** RFC 791. A length of 0 is that of a segment too large for the field, which the kernel has not cut yet. */
function readIpv4(data: Buffer, ip: number, end: number, onWire: number, packet: Packet): boolean {
  if (ip + 20 > end) return false;
  const header = (data[ip]! & 15) * 4;
  packet.octets = data.readUInt16BE(ip + 2) || onWire;
  packet.source = binary(data, ip + 12, ip + 16);
  packet.destination = binary(data, ip + 16, ip + 20);
  packet.protocol = data[ip + 9]!;
  const fragment = data.readUInt16BE(ip + 6);
  if ((fragment & 0x3fff) !== 0) {
    packet.fragmentOf = binary(data, ip + 12, ip + 20) + binary(data, ip + 4, ip + 6) + packet.protocol;
    packet.firstFragment = (fragment & 0x1fff) === 0;
    if (!packet.firstFragment) {
      packet.overhead = header;
      return true;
    }
  }
  return readUpper(data, ip + header, end, packet);
}

const [hopByHop, routing, fragmentHeader, authentication, destinationOptions] = [0, 43, 44, 51, 60];

/** RFC 8200: the chain of headers up to the upper layer. */
function readIpv6(data: Buffer, ip: number, end: number, onWire: number, packet: Packet): boolean {
  if (ip + 40 > end) return false;
  const payload = data.readUInt16BE(ip + 4);
  packet.octets = payload === 0 ? onWire : payload + 40;
  packet.source = binary(data, ip + 8, ip + 24);
  packet.destination = binary(data, ip + 24, ip + 40);
  packet.protocol = data[ip + 6]!;
  let at = ip + 40;
  while (isExtension(packet.protocol)) {
    if (at + 8 > end) return false;
    const header = packet.protocol;
    packet.protocol = data[at]!;
    if (header === fragmentHeader) {
      packet.fragmentOf = binary(data, ip + 8, ip + 40) + binary(data, at + 4, at + 8);
      packet.firstFragment = (data.readUInt16BE(at + 2) & 0xfff8) === 0;
      packet.overhead = packet.firstFragment ? 8 : at + 8 - ip;
      if (!packet.firstFragment) return true;
      at += 8;
    } else at += header === authentication ? (data[at + 1]! + 2) * 4 : (data[at + 1]! + 1) * 8;
  }
  return readUpper(data, at, end, packet);
}

function isExtension(header: number): boolean {
  return (
    header === hopByHop ||
    header === routing ||
    header === fragmentHeader ||
    header === authentication ||
    header === destinationOptions
  );
}

function binary(data: Buffer, from: number, to: number): string {
  return data.toString('latin1', from, to);
}

/** TCP, UDP, DCCP, SCTP and UDP-Lite begin with their ports. */
const withPorts = new Set([6, 17, 33, 132, 136]);

function readUpper(data: Buffer, at: number, end: number, packet: Packet): boolean {
  const { protocol } = packet;
  packet.sourcePort = packet.destinationPort = packet.tcpFlags = 0;
  packet.icmpType = -1;
  if (withPorts.has(protocol)) {
    if (at + 4 > end) return false;
    packet.sourcePort = data.readUInt16BE(at);
    packet.destinationPort = data.readUInt16BE(at + 2);
    if (protocol === 6 && at + 14 <= end) packet.tcpFlags = data[at + 13]!;
  } else if (protocol === 1 || protocol === 58) {
    if (at + 8 > end) return false;
    packet.icmpType = data[at]!;
    packet.sourcePort = packet.destinationPort = icmpDistinction(protocol, data, at);
  }
  return true;
}

/** What tells flows of ICMP between the same hosts apart: the identifier of questions and answers, or the type. Both directions have it. */
function icmpDistinction(protocol: number, data: Buffer, at: number): number {
  const type = data[at]!;
  const asks = protocol === 1 ? type === 0 || type === 8 || (type >= 13 && type <= 18) : type === 128 || type === 129;
  return asks ? data.readUInt16BE(at + 4) : 65_536 + type;
}

/** The address in text as RFC 5952 has it, of its octets as binary text. */
export function addressText(octets: string): string {
  if (octets.length === 4) return [0, 1, 2, 3].map(i => octets.charCodeAt(i)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => octets.charCodeAt(2 * i) * 256 + octets.charCodeAt(2 * i + 1));
  const text = groups.map(group => group.toString(16)).join(':');
  // The longest run of two or more zero groups, the first of several, is left out (section 4.2).
  const runs = [...text.matchAll(/(?<=^|:)0(:0)+(?=:|$)/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (a, b) => (a && a[0].length >= b[0].length ? a : b),
    undefined,
  );
  if (longest === undefined) return text;
  const before = text.slice(0, Math.max(0, longest.index - 1));
  return `${before}::${text.slice(longest.index + longest[0].length + 1)}`;
}
