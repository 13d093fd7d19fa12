import { Reader } from '@weir/ipfix';

/** A UDP datagram found in a captured packet. */
export interface UdpDatagram {
  readonly payload: Uint8Array;
  /** Addresses and ports, to tell Transport Sessions apart. */
  readonly session: string;
}

// Link-layer header types: the tcpdump group's registry.
const LINKTYPE_NULL = 0;
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW_BSD = [12, 14, 101];
const LINKTYPE_LOOP = 108;
const LINKTYPE_LINUX_SLL = 113;
const LINKTYPE_IPV4 = 228;
const LINKTYPE_IPV6 = 229;
const LINKTYPE_LINUX_SLL2 = 276;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
/** IEEE 802.1Q, 802.1ad, and the older 0x9100. */
const VLAN_TAGS = new Set([0x8100, 0x88a8, 0x9100]);
const UDP = 17;

/** Whether packets of this link type can be read. */
export function knowsLinkType(linkType: number): boolean {
  return linkType in skipLink || LINKTYPE_RAW_BSD.includes(linkType);
}

/** The whole UDP datagram in a captured packet; undefined where there is none: another protocol, a fragment, cut off. */
export function udpDatagramOf(packet: Uint8Array, linkType: number): UdpDatagram | undefined {
  const reader = new Reader(packet);
  skipLink[linkType]?.(reader);
  if (reader.failed || reader.remaining === 0) return undefined;
  const version = packet[reader.offset]! >> 4;
  if (version === 4) return ofIpv4(packet, reader);
  return version === 6 ? ofIpv6(packet, reader) : undefined;
}

/** Moves the reader to the network header; to the end where there is another protocol than IP. */
const skipLink: Readonly<Record<number, (reader: Reader) => void>> = {
  [LINKTYPE_NULL]: reader => reader.skip(4),
  [LINKTYPE_LOOP]: reader => reader.skip(4),
  [LINKTYPE_ETHERNET]: reader => {
    reader.skip(12);
    skipEtherType(reader);
  },
  [LINKTYPE_LINUX_SLL]: reader => {
    reader.skip(14);
    skipEtherType(reader);
  },
  // The protocol comes first: 2 octets protocol, 18 of the rest.
  [LINKTYPE_LINUX_SLL2]: reader => {
    const protocol = reader.u16();
    reader.skip(18);
    skipTags(reader, protocol);
  },
  [LINKTYPE_IPV4]: () => {},
  [LINKTYPE_IPV6]: () => {},
};

function skipEtherType(reader: Reader): void {
  skipTags(reader, reader.u16());
}

function skipTags(reader: Reader, first: number): void {
  let type = first;
  while (VLAN_TAGS.has(type) && !reader.failed) {
    reader.skip(2);
    type = reader.u16();
  }
  if (type !== ETHERTYPE_IPV4 && type !== ETHERTYPE_IPV6) reader.skip(reader.remaining);
}

/** RFC 791 section 3.1. */
function ofIpv4(packet: Uint8Array, reader: Reader): UdpDatagram | undefined {
  const start = reader.offset;
  const headerLength = (reader.u8() & 0x0f) * 4;
  reader.skip(5);
  const fragment = reader.u16() & 0x3fff; // More Fragments and the offset
  reader.skip(1);
  const protocol = reader.u8();
  reader.skip(2);
  const addresses = packet.subarray(reader.offset, reader.offset + 8);
  reader.skip(headerLength - 12);
  if (headerLength < 20 || fragment !== 0 || protocol !== UDP || reader.offset !== start + headerLength)
    return undefined;
  return ofUdp(packet, reader, addresses);
}

const EXTENSION_HEADERS = new Set([0, 43, 60]);

/** RFC 8200 section 3; hop-by-hop, routing and destination options are passed over. */
function ofIpv6(packet: Uint8Array, reader: Reader): UdpDatagram | undefined {
  reader.skip(6);
  let next = reader.u8();
  reader.skip(1);
  const addresses = packet.subarray(reader.offset, reader.offset + 32);
  reader.skip(32);
  while (EXTENSION_HEADERS.has(next) && !reader.failed) {
    next = reader.u8();
    reader.skip(reader.u8() * 8 + 6);
  }
  return next === UDP ? ofUdp(packet, reader, addresses) : undefined;
}

/** RFC 768. */
function ofUdp(packet: Uint8Array, reader: Reader, addresses: Uint8Array): UdpDatagram | undefined {
  const ports = reader.u32();
  const length = reader.u16() - 8;
  reader.skip(2);
  if (reader.failed || length < 0 || reader.remaining < length) return undefined;
  const session = `${Buffer.from(addresses).toString('hex')} ${ports}`;
  return { payload: packet.subarray(reader.offset, reader.offset + length), session };
}
