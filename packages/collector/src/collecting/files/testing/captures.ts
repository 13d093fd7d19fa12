export const be16 = (n: number) => [n >> 8, n & 255];
export const be32 = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
export const le32 = (n: number) => be32(n).reverse();

function udp(payload: Uint8Array): number[] {
  return [...be16(40_000), ...be16(2055), ...be16(payload.length + 8), 0, 0, ...payload];
}
export function ipv4(payload: Uint8Array, fragment = 0): number[] {
  const body = udp(payload);
  const head = [0x45, 0, ...be16(20 + body.length), 0, 0, ...be16(fragment), 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
  return [...head, ...body];
}
function ipv6(payload: Uint8Array): number[] {
  const body = udp(payload);
  const options = [17, 0, 1, 4, 0, 0, 0, 0]; // destination options header, padding
  const addresses = new Array<number>(32).fill(1);
  return [0x60, 0, 0, 0, ...be16(body.length + 8), 60, 64, ...addresses, ...options, ...body];
}
/** A frame of this EtherType. */
export const ethernet = (type: number, body: number[]) => [...new Array<number>(12).fill(2), ...be16(type), ...body];

/** A UDP datagram in a packet, by its link type. */
export const links: [string, number, (payload: Uint8Array) => number[]][] = [
  ['Ethernet', 1, p => ethernet(0x0800, ipv4(p))],
  ['Ethernet with padding', 1, p => [...ethernet(0x0800, ipv4(p)), 0, 0, 0, 0]],
  ['Ethernet, IPv6', 1, p => ethernet(0x86dd, ipv6(p))],
  ['Ethernet, two VLAN tags', 1, p => ethernet(0x88a8, [0, 5, 0x81, 0, 0, 6, 0x08, 0, ...ipv4(p)])],
  ['Linux cooked v1', 113, p => [...new Array<number>(14).fill(0), 0x08, 0, ...ipv4(p)]],
  ['Linux cooked v2', 276, p => [0x86, 0xdd, ...new Array<number>(18).fill(0), ...ipv6(p)]],
  ['raw IP', 101, p => ipv6(p)],
  ['loopback of BSD', 0, p => [2, 0, 0, 0, ...ipv4(p)]],
];

/** A capture of these packets. */
export function pcap(linkType: number, packets: number[][], bigEndian = false): Uint8Array {
  const word = bigEndian ? be32 : le32;
  const header = [...word(0xa1b2c3d4), ...word(0x00040002), ...word(0), ...word(0), ...word(65_535), ...word(linkType)];
  const body = packets.flatMap(packet => [
    ...word(1),
    ...word(2),
    ...word(packet.length),
    ...word(packet.length),
    ...packet,
  ]);
  return Uint8Array.from([...header, ...body]);
}

/** As pcap(). */
export function pcapng(linkType: number, packets: number[][]): Uint8Array {
  const block = (type: number, body: number[]) => {
    const padded = [...body, ...new Array<number>((4 - (body.length % 4)) % 4).fill(0)];
    return [...le32(type), ...le32(padded.length + 12), ...padded, ...le32(padded.length + 12)];
  };
  return Uint8Array.from([
    ...block(0x0a0d0d0a, [...le32(0x1a2b3c4d), 1, 0, 0, 0, ...new Array<number>(8).fill(255)]),
    ...block(1, [...le32(linkType), ...le32(0)]),
    ...block(5, [1, 2, 3, 4]),
    ...packets.flatMap(p => block(6, [...le32(0), ...le32(1), ...le32(2), ...le32(p.length), ...le32(p.length), ...p])),
  ]);
}
