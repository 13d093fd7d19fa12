import { closeSync, openSync, writeSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { type MessageSink, SystemError } from './host.js';
import * as libc from './libc.js';
import { MessageVector } from './message-vector.js';

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_SNDTIMEO = 21;
/** A network card that takes nothing for this long is not coming back within one burst. */
const SEND_TIMEOUT_MICROSECONDS = 200_000;

/** A connected UDP socket: Messages go out many at a time. */
export class UdpSink implements MessageSink {
  readonly #descriptor: number;
  #vector: MessageVector | undefined;
  #refused = false;

  /** @param address IPv4 or IPv6 address as text */
  constructor(address: string, port: number) {
    const v6 = isIPv6(address);
    this.#descriptor = libc.socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM_CLOEXEC, 0);
    if (this.#descriptor < 0) throw new SystemError(libc.errorCode(), 'socket(UDP)');
    const timeout = new Uint8Array(16);
    new DataView(timeout.buffer).setUint32(8, SEND_TIMEOUT_MICROSECONDS, true);
    libc.setsockopt(this.#descriptor, SOL_SOCKET, SO_SNDTIMEO, timeout, 16);
    const name = v6 ? socketAddress6(address, port) : socketAddress4(address, port);
    if (libc.connect(this.#descriptor, name, name.length) < 0) {
      const code = libc.errorCode();
      this.close();
      throw new SystemError(code, 'connect(UDP)');
    }
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    this.#vector ??= new MessageVector(lengths.length, slotOctets, bytes);
    for (let i = 0; i < count; i++) this.#vector.setLength(i, lengths[i]);
    let sent = 0;
    let refused = 0;
    while (sent < count) {
      const taken = libc.sendmmsg(this.#descriptor, this.#vector.headersFrom(sent), count - sent, 0);
      if (taken > 0) {
        sent += taken;
        continue;
      }
      // ECONNREFUSED tells of a Message sent before: nobody listened then. This one has not been tried yet.
      if (libc.errorCode() !== 'ECONNREFUSED' || ++refused > count) return sent;
      this.#refused = true;
    }
    return sent;
  }

  wasRefused(): boolean {
    const error = new Uint8Array(4);
    libc.getsockopt(this.#descriptor, SOL_SOCKET, SO_ERROR, error, Uint8Array.of(4, 0, 0, 0));
    const refused = this.#refused || error[0] !== 0;
    this.#refused = false;
    return refused;
  }

  close(): void {
    libc.close(this.#descriptor);
  }
}

/** An IPFIX file (RFC 5655: Messages one behind the other), or standard output for "-". */
export class FileSink implements MessageSink {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = path === '-' ? 1 : openSync(path, 'a', 0o640);
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    for (let i = 0; i < count; i++) {
      let offset = i * slotOctets;
      const end = offset + lengths[i];
      try {
        while (offset < end) offset += writeSync(this.#descriptor, bytes, offset, end - offset);
      } catch {
        return i;
      }
    }
    return count;
  }

  wasRefused(): boolean {
    return false;
  }

  close(): void {
    if (this.#descriptor !== 1) closeSync(this.#descriptor);
  }
}

function socketAddress4(address: string, port: number): Uint8Array {
  const name = new Uint8Array(16);
  name[0] = AF_INET;
  name[2] = port >> 8;
  name[3] = port;
  name.set(address.split('.').map(Number), 4);
  return name;
}

function socketAddress6(address: string, port: number): Uint8Array {
  const name = new Uint8Array(28);
  name[0] = AF_INET6;
  name[2] = port >> 8;
  name[3] = port;
  name.set(parseIPv6(address), 8);
  return name;
}

/** Octets of an address that node:net calls IPv6 (without zone). */
export function parseIPv6(address: string): Uint8Array {
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${((+a << 8) | +b).toString(16)}:${((+c << 8) | +d).toString(16)}`;
  });
  const [head, tail] = text.split('::').map(part => (part === '' ? [] : part.split(':')));
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  groups.forEach((group, i) => {
    view.setUint16(i * 2, Number.parseInt(group, 16));
  });
  return bytes;
}
