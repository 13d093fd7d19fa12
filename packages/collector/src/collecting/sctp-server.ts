import { EventEmitter } from 'node:events';
import type { HostPort } from '../config/address.js';
import { WeirError } from '../error.js';
import { type BindAddress, bindError } from './bind-address.js';
import { type Libc, libc, type Watch } from './libc.js';
import { SctpInbox, wantStreams } from './sctp-inbox.js';
import { SctpSocket } from './sctp-socket.js';
import { AF_INET, AF_INET6, readSockaddr, sockaddr } from './sockaddr.js';

const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const IPPROTO_SCTP = 132;
const BACKLOG = 511;
const EAGAIN = 11;
const REST_MILLISECONDS = 1000;
/** struct sockaddr_in6 is 28 octets. */
const NAME_OCTETS = 32;

/** Listens for SCTP associations: "connection" with a SctpSocket for each. */
export class SctpServer extends EventEmitter<{ connection: [SctpSocket]; error: [Error] }> {
  readonly bound: HostPort;
  readonly #c: Libc;
  readonly #descriptor: number;
  readonly #watch: Watch;
  readonly #inbox: SctpInbox;
  #resting: NodeJS.Timeout | undefined;

  /** @throws WeirError where the address cannot be had, or the system has no SCTP */
  constructor(at: BindAddress) {
    super();
    const c = libc();
    if (c === undefined) throw new WeirError('cannot listen on sctp://: SCTP needs Linux; listen on tcp://');
    this.#c = c;
    this.#inbox = new SctpInbox(c);
    this.#descriptor = c.socket(
      at.family === 6 ? AF_INET6 : AF_INET,
      SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
      IPPROTO_SCTP,
    );
    if (this.#descriptor < 0) throw this.#error(at);
    wantStreams(c, this.#descriptor);
    const name = sockaddr(at);
    if (at.family === 6) c.setsockopt(this.#descriptor, IPPROTO_IPV6, IPV6_V6ONLY, int32(1), 4);
    if (c.bind(this.#descriptor, name, name.length) < 0 || c.listen(this.#descriptor, BACKLOG) < 0) {
      const error = this.#error(at);
      c.close(this.#descriptor);
      throw error;
    }
    const own = new Uint8Array(NAME_OCTETS);
    c.getsockname(this.#descriptor, own, int32(NAME_OCTETS));
    const { address, port } = readSockaddr(own);
    this.bound = { host: address, port };
    this.#watch = c.watch(this.#descriptor, () => this.#accept());
  }

  close(): void {
    clearTimeout(this.#resting);
    this.#watch.close();
    this.#c.close(this.#descriptor);
  }

  #accept(): void {
    const name = new Uint8Array(NAME_OCTETS);
    const descriptor = this.#c.accept4(this.#descriptor, name, int32(NAME_OCTETS), SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) {
      this.#rest();
      return;
    }
    this.emit('connection', new SctpSocket(this.#c, descriptor, this.#inbox, readSockaddr(name), this.bound.port));
  }

  /** An association that cannot be accepted, for want of descriptors say, goes on waiting: it is not to be asked for without end. */
  #rest(): void {
    const error = this.#c.errno();
    if (error === EAGAIN) return;
    this.emit('error', new Error(this.#c.errorName(error)));
    this.#watch.pause();
    this.#resting = setTimeout(() => this.#watch.resume(), REST_MILLISECONDS);
  }

  #error(at: BindAddress): WeirError {
    return bindError('sctp', at, this.#c.errorName(this.#c.errno()));
  }
}

function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
