// Sends frames that are no IP on a link: whoever reads packets there sees them and counts no flow.

import { readFileSync } from 'node:fs';
import koffi from 'koffi';
import { WeirError } from '../../error.js';
import { order, tell } from '../../traffic/programs/tell.js';

const [AF_PACKET, SOCK_RAW] = [17, 3];
/** For experiments, by the IEEE. */
const ETHERTYPE = 0x88b5;
const FRAME_OCTETS = 1414;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const sendto = libc.func('long sendto(int, const uint8_t *, size_t, int, const uint8_t *, uint32_t)');

/** struct sockaddr_ll (packet(7)): family, protocol, interface index. */
function address(link: string): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_PACKET, true);
  view.setUint16(2, ETHERTYPE);
  view.setInt32(4, Number(readFileSync(`/sys/class/net/${link}/ifindex`, 'utf8')), true);
  return bytes;
}

/** To a locally administered address that nobody has (IEEE 802). */
function frame(): Uint8Array {
  const bytes = new Uint8Array(FRAME_OCTETS);
  bytes.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ETHERTYPE >> 8, ETHERTYPE & 255]);
  return bytes;
}

const { link, frames } = order<{ link: string; frames: number }>();
const descriptor = socket(AF_PACKET, SOCK_RAW, 0);
const [to, bytes] = [address(link), frame()];
for (let i = 0; i < frames; i++) {
  if (sendto(descriptor, bytes, bytes.length, 0, to, to.length) < 0)
    throw new WeirError(`cannot send on ${link}: errno ${koffi.errno()}; is this root?`);
}
tell({ frames });
