import { lookup } from 'node:dns';
import { Duplex } from 'node:stream';
import { eachMessage } from '../exporting/template-book.js';
import * as libc from '../host/libc.js';
import { AF_INET, AF_INET6, socketAddress } from '../host/socket-address.js';
import { inOrder, peerWindow, queuedOctets, receivedPackets, socketError, tellOfDeath } from './sctp-options.js';
import type { StreamInfo } from './stream-info.js';

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_SCTP = 132;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SHUT_WR = 1;

/** The name of the error that keeps this machine from SCTP; undefined where it has it. Loads the kernel's module where there is one. */
export function noSctp(): string | undefined {
  const descriptor = libc.socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (descriptor < 0) return libc.errorCode();
  libc.close(descriptor);
  return undefined;
}

/** What to say of it. */
export const NO_SCTP =
  'this kernel has no SCTP: load its module ("modprobe sctp"), or use tcp:// where it is built without one (CONFIG_IP_SCTP)';

/** Where to connect to, and from which address. */
export interface SctpPlace {
  readonly host: string;
  readonly port: number;
  readonly source?: string;
}

/**
 * One SCTP association, from this side: a one-to-one socket (RFC 6458 section 4). Takes IPFIX Messages, and sends each as one user
 * message, reliably and in order on stream 0 (RFC 7011 section 10.2.6). There is no half-closed association: when the other side
 * ends it in order, what was sent still arrives, and what was not is held here for good.
 */
export class SctpSocket extends Duplex {
  #descriptor = -1;
  #watch: libc.Watch | undefined;
  #connecting = true;
  /** The other side has ended the association, as reading and as writing tell. */
  #ended = false;
  #shut = false;
  /** Messages that wait to be sent. */
  #rest: Uint8Array[] = [];
  #done: (error?: Error) => void = () => {};
  #sent = 0;
  #packets = 0;

  constructor(place: SctpPlace) {
    super({ allowHalfOpen: true });
    lookup(place.host, (error, address, family) => {
      if (this.destroyed) return;
      if (error !== null) this.destroy(error);
      else this.#connect(address, family, place);
    });
  }

  /**
   * What the kernel knows of the association. Its send queue keeps each octet until it is acknowledged, together with some of its own,
   * so that what is not acknowledged is at most as long. Undefined once the association is no more: then everything sent has
   * arrived, unless the socket is destroyed.
   */
  info(): (StreamInfo & { readonly written: number }) | undefined {
    const queued = queuedOctets(this.#descriptor);
    // After the queue: the end of an association empties it, too.
    const window = peerWindow(this.#descriptor);
    if (queued === undefined || window === undefined) {
      const error = socketError(this.#descriptor);
      if (error !== 0) this.#fail(libc.errorName(error));
      return undefined;
    }
    const packets = receivedPackets(this.#descriptor);
    const isAlive = packets === undefined || packets !== this.#packets;
    this.#packets = packets ?? 0;
    return { written: this.#sent, acknowledged: Math.max(0, this.#sent - queued), window, isAlive };
  }

  override _read(): void {}

  override _write(messages: Uint8Array, _encoding: string, done: (error?: Error) => void): void {
    eachMessage(messages, message => this.#rest.push(message));
    this.#done = done;
    if (!this.#connecting) this.#send();
  }

  override _final(done: () => void): void {
    libc.shutdown(this.#descriptor, SHUT_WR);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#watch?.close();
    if (this.#descriptor >= 0) libc.close(this.#descriptor);
    this.#descriptor = -1;
    done(error);
  }

  #connect(address: string, family: number, { port, source }: SctpPlace): void {
    const domain = family === 6 ? AF_INET6 : AF_INET;
    this.#descriptor = libc.socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP);
    if (this.#descriptor < 0) {
      this.#fail();
      return;
    }
    inOrder(this.#descriptor);
    tellOfDeath(this.#descriptor);
    const from = source === undefined ? undefined : socketAddress(source, 0);
    const to = socketAddress(address, port);
    if (
      (from !== undefined && libc.bind(this.#descriptor, from, from.length) < 0) ||
      (libc.connect(this.#descriptor, to, to.length) < 0 && libc.errorCode() !== 'EINPROGRESS')
    ) {
      this.#fail();
      return;
    }
    this.#watch = libc.watch(this.#descriptor, () => this.#turn());
    this.#await();
  }

  #turn(): void {
    if (this.destroyed) return;
    const error = socketError(this.#descriptor);
    if (error !== 0) this.#fail(libc.errorName(error));
    else if (this.#connecting) {
      this.#connecting = false;
      this.emit('connect');
    } else this.#receive();
    if (this.#rest.length > 0 && !this.#shut && !this.destroyed) this.#send();
    this.#await();
  }

  /** IPFIX has no answers: only the end is of interest. */
  #receive(): void {
    const received = libc.recv(this.#descriptor, new Uint8Array(64), 64, MSG_DONTWAIT);
    if (received === 0) {
      this.#ended = true;
      this.push(null);
    } else if (received < 0 && libc.errorCode() !== 'EAGAIN') this.#fail();
  }

  #send(): void {
    for (let message = this.#rest[0]; message !== undefined; message = this.#rest[0]) {
      if (libc.send(this.#descriptor, message, message.length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        const code = libc.errorCode();
        // What of the messages sent has arrived is known when the association is over.
        if (code === 'ESHUTDOWN' || code === 'EPIPE') this.#shut = true;
        else if (code !== 'EAGAIN') this.#fail(code);
        this.#await();
        return;
      }
      this.#sent += message.length;
      this.#rest.shift();
    }
    this.#done();
  }

  #await(): void {
    if (this.destroyed) return;
    const readable = !this.#connecting && !this.#ended;
    this.#watch?.await(readable, this.#connecting || (this.#rest.length > 0 && !this.#shut));
  }

  #fail(code = libc.errorCode()): void {
    this.destroy(Object.assign(new Error(`SCTP: ${code}`), { code }));
  }
}
