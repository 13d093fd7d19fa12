import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import type { ForwardAddress } from '../config/options/forwarding.js';

/** Where Messages go. A Transport Session begins with `open` and ends with `close`, or when `send` fails. */
export interface Destination {
  /** Octets of a Message. */
  readonly maximum: number;
  readonly datagrams: boolean;
  /** @throws Error where the collector cannot be reached */
  open(): Promise<void>;
  /** Resolves when there is room for more. @throws Error where the connection is gone */
  send(message: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** RFC 7011 section 10.3.3: a Message must fit the path; 1,280 is the least that IPv6 has, less its and UDP's headers. */
const DATAGRAM = 1232;
const CONNECT_MILLISECONDS = 10_000;

export function destinationOf(address: ForwardAddress): Destination {
  return address.scheme === 'udp' ? new UdpDestination(address) : new TcpDestination(address);
}

class UdpDestination implements Destination {
  readonly maximum = DATAGRAM;
  readonly datagrams = true;
  readonly #to: ForwardAddress;
  #socket: UdpSocket | undefined;

  constructor(to: ForwardAddress) {
    this.#to = to;
  }

  async open(): Promise<void> {
    const socket = createSocket(isIPv6(this.#to.host) ? 'udp6' : 'udp4');
    this.#socket = socket;
    const connected = once(socket, 'connect');
    socket.connect(this.#to.port, this.#to.host);
    await connected;
    // Nobody listens there now: what is sent is lost, as over UDP it may be.
    socket.on('error', () => {});
  }

  send(message: Uint8Array): Promise<void> {
    return new Promise(resolve => this.#socket!.send(message, () => resolve()));
  }

  async close(): Promise<void> {
    this.#socket?.close();
    this.#socket = undefined;
  }
}

class TcpDestination implements Destination {
  readonly maximum = 65_535;
  readonly datagrams = false;
  readonly #to: ForwardAddress;
  #socket: Socket | undefined;

  constructor(to: ForwardAddress) {
    this.#to = to;
  }

  async open(): Promise<void> {
    const socket = connect(this.#to.port, this.#to.host);
    this.#socket = socket;
    const timer = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_MILLISECONDS);
    await once(socket, 'connect').finally(() => clearTimeout(timer));
    socket.on('error', () => {});
    // A collector says nothing; its end of the stream is the end of the session.
    socket.on('end', () => socket.destroy()).resume();
  }

  async send(message: Uint8Array): Promise<void> {
    const socket = this.#socket!;
    if (socket.destroyed) throw new Error('the connection was closed');
    if (socket.write(message)) return;
    const closed = once(socket, 'close').then(() => {
      throw new Error('the connection was closed');
    });
    await Promise.race([once(socket, 'drain'), closed]);
  }

  async close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined || socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), 1000);
    const closed = once(socket, 'close');
    socket.end();
    await closed;
    clearTimeout(timer);
  }
}
