import { describe, expect, test } from 'vitest';
import { addressOctets, checksum, ipPacket, tcpSyn, udpDatagram } from './packet.js';
import { ipPacketOf, parsePacket, renewChecksum } from './replay-packet.js';
import { chunk, crc32c, readSctp, serverTag, words, writeSctp } from './sctp.js';

const ends4 = { source: '192.0.2.1', destination: '198.51.100.2' };
const ends6 = { source: '2001:db8::1', destination: '2001:db8:0:1::ff' };

function pseudo({ source, destination }: typeof ends4): Buffer {
  return Buffer.concat([addressOctets(source), addressOctets(destination)]);
}

test.each([
  ['10.0.255.1', '0a00ff01'],
  ['::', '00000000000000000000000000000000'],
  ['::1', '00000000000000000000000000000001'],
  ['fd77:1::', 'fd770001000000000000000000000000'],
  ['2001:db8:1:2:3:4:5:6', '20010db8000100020003000400050006'],
])('the octets of %s', (address, hex) => {
  expect(addressOctets(address).toString('hex')).toBe(hex);
});

describe('packets of our own', () => {
  test.each([ends4, ends6])('what has its checksum sums up to nothing, $source', ends => {
    expect(checksum(pseudo(ends), 17, udpDatagram(ends, 1, 2, Buffer.from('odd')))).toBe(0);
    expect(checksum(pseudo(ends), 6, tcpSyn(ends, 1, 2))).toBe(0);
  });

  test('a SYN over IPv4', () => {
    const packet = ipPacket(ends4.source, ends4.destination, 6, tcpSyn(ends4, 0x1234, 80));
    // Version and length, don't fragment, TTL 64, TCP, addresses; ports, sequence numbers, SYN, window 1024, any checksum.
    expect(packet.toString('hex')).toMatch(
      /^450000280000400040060000c0000201c633640212340050123400500000000050020400[0-9a-f]{4}0000$/,
    );
    expect(packet).toHaveLength(40);
  });

  test('a datagram over IPv6 is read as it was written', () => {
    const packet = ipPacket(ends6.source, ends6.destination, 17, udpDatagram(ends6, 53, 54, Buffer.alloc(11)));
    const read = parsePacket(packet);
    expect(read).toMatchObject({ family: 6, ...ends6, protocol: 17, sourcePort: 53, destinationPort: 54, octets: 59 });
  });
});

describe('packets of a capture', () => {
  const packet = ipPacket(ends4.source, ends4.destination, 6, tcpSyn(ends4, 1000, 2000));

  test('are found behind VLAN tags, without the padding of their frame', () => {
    const frame = Buffer.concat([Buffer.alloc(12), Buffer.from('8100000a0800', 'hex'), packet, Buffer.alloc(6)]);
    expect(parsePacket(ipPacketOf(frame)!).ip).toEqual(packet);
    expect(ipPacketOf(Buffer.concat([Buffer.alloc(12), Buffer.from('0806', 'hex'), packet]))).toBeUndefined();
  });

  test('get the checksum that their network card did not make', () => {
    const broken = Buffer.from(packet);
    broken.writeUInt16BE(0x1111, 36);
    const parsed = parsePacket(broken);
    renewChecksum(parsed);
    expect(parsed.ip).toEqual(packet);
  });

  test('are refused where they are not whole', () => {
    expect(() => parsePacket(packet.subarray(0, 30))).toThrow('packets that are cut off; capture them whole');
    const fragment = Buffer.from(packet);
    fragment.writeUInt16BE(0x2000, 6);
    expect(() => parsePacket(fragment)).toThrow('holds fragments, which are not replayed');
  });
});

describe('SCTP', () => {
  test('CRC32c of RFC 9260 appendix A, checked as iSCSI does (RFC 3720 B.4)', () => {
    expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
    expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43');
  });

  test('a packet is read as it was written, its checksum least significant octet first', () => {
    const written = { sourcePort: 1, destinationPort: 2, tag: 0xdeadbeef, type: chunk.shutdown, body: words(7) };
    const packet = writeSctp(written);
    expect(readSctp(packet)).toEqual(written);
    const sum = packet.readUInt32LE(8);
    packet.writeUInt32LE(0, 8);
    expect(crc32c(packet)).toBe(sum);
  });

  test('a chunk is padded, its length is not (RFC 9260 section 3.2)', () => {
    const packet = writeSctp({
      sourcePort: 1,
      destinationPort: 2,
      tag: 3,
      type: chunk.cookieEcho,
      body: Buffer.from('abcde'),
    });
    expect(packet).toHaveLength(24);
    expect(packet.readUInt16BE(14)).toBe(9);
    expect(readSctp(packet).body.toString()).toBe('abcde');
  });

  test("each side's tag gives the other's", () => {
    expect(serverTag(serverTag(0xc11e_2710))).toBe(0xc11e_2710);
  });
});
