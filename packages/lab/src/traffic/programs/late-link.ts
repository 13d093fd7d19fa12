// A link on which packets are late, without netem: two TUN devices, and what comes out of one goes into the other when it is due.
import { constants, openSync } from 'node:fs';
import koffi from 'koffi';
import { WeirError } from '../../error.js';
import { order, tell } from './tell.js';

interface LateLinkOrder {
  /** Names of the devices. */
  ends: [string, string];
  /** Milliseconds each way for packets from and to an IPv4 address; others are not held back. */
  delays: Record<string, number>;
}

/** linux/if_tun.h, linux/if.h, poll.h */
const TUNSETIFF = 0x400454ca;
const [IFF_TUN, IFF_NO_PI] = [0x0001, 0x1000];
const [NAME_OCTETS, REQUEST_OCTETS] = [16, 40];
const POLLIN = 1;
/** Of IPv4's header: where the addresses are. */
const [SOURCE, DESTINATION] = [12, 16];

const libc = koffi.load('libc.so.6');
const ioctl = libc.func('int ioctl(int, unsigned long, void *)');
const ppoll = libc.func('int ppoll(void *, unsigned long, const void *, const void *)');
const read = libc.func('long read(int, _Out_ uint8_t *, size_t)');
const write = libc.func('long write(int, const uint8_t *, size_t)');

/** A packet that waits. */
interface Late {
  due: number;
  to: number;
  packet: Buffer;
}

function device(name: string): number {
  const descriptor = openSync('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK);
  const request = Buffer.alloc(REQUEST_OCTETS);
  request.write(name, 0, 'latin1');
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, NAME_OCTETS);
  if (ioctl(descriptor, TUNSETIFF, request) < 0)
    throw new WeirError(
      `no TUN device ${name}: errno ${koffi.errno()}; is this root, and has the kernel the module tun?`,
    );
  return descriptor;
}

const { ends, delays } = order<LateLinkOrder>();
const byAddress = new Map(
  Object.entries(delays).map(([address, delay]) => [Buffer.from(address.split('.').map(Number)).readUInt32BE(), delay]),
);
/** Packets of one delay are due in the order in which they come. */
const queues = new Map<number, Late[]>();
const descriptors = ends.map(device) as [number, number];
const buffer = Buffer.alloc(65_536);

function take(from: number, to: number): void {
  for (;;) {
    const octets = Number(read(from, buffer, buffer.length));
    if (octets <= 0) return;
    const known = (at: number) => byAddress.get(buffer.readUInt32BE(at));
    const delay = buffer[0]! >> 4 === 4 ? (known(DESTINATION) ?? known(SOURCE) ?? 0) : 0;
    const queue = queues.get(delay) ?? [];
    queue.push({ due: performance.now() + delay, to, packet: Buffer.from(buffer.subarray(0, octets)) });
    queues.set(delay, queue);
  }
}

/** Sends what is due. Returns the milliseconds until something will be. */
function deliver(): number {
  let next = 900;
  for (const queue of queues.values()) {
    while (queue[0] !== undefined && queue[0].due <= performance.now()) {
      const { to, packet } = queue.shift()!;
      write(to, packet, packet.length);
    }
    if (queue[0] !== undefined) next = Math.min(next, Math.max(0, queue[0].due - performance.now()));
  }
  return next;
}

tell({ ready: true });
const polled = Buffer.alloc(16);
const timeout = Buffer.alloc(16);
for (;;) {
  timeout.writeBigInt64LE(BigInt(Math.ceil(deliver() * 1e6)), 8);
  descriptors.forEach((descriptor, i) => {
    polled.writeInt32LE(descriptor, i * 8);
    polled.writeInt32LE(POLLIN, i * 8 + 4);
  });
  ppoll(polled, descriptors.length, timeout, null);
  take(descriptors[0], descriptors[1]);
  take(descriptors[1], descriptors[0]);
}
