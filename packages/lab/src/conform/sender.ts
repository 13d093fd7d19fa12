import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { WeirError } from '../error.js';
import { sleep } from '../run/wait.js';
import { type HeaderFields, message } from '../wire/build.js';
import { MessageReader } from '../wire/read.js';
import type { TransportAddress } from './address.js';

/** The largest payload of UDP over IPv4: 65,535 less both headers. */
export const MOST_UDP_OCTETS = 65_507;

/** Milliseconds between two datagrams: nobody is to lose any for want of a buffer. */
const PACE = 2;

interface Wire {
  send(bytes: Buffer): Promise<void>;
  /** The other side has ended the connection. */
  readonly ended: boolean;
  /** Its host has said that nobody listens there. */
  readonly refused: boolean;
  close(abruptly: boolean): Promise<void>;
}

/** One Transport Session from our side: an Exporting Process that sends what it is told to. */
export class SendingSession {
  /** Sequence number of the next Message of each Observation Domain. */
  readonly #sequences = new Map<number, number>();
  readonly #reader: MessageReader;
  #closed = false;

  private constructor(
    private readonly wire: Wire,
    readonly domain: number,
    datagrams: boolean,
  ) {
    this.#reader = new MessageReader(datagrams);
  }

  static async open(to: TransportAddress, domain: number): Promise<SendingSession> {
    const wire = to.transport === 'udp' ? await udpWire(to) : await tcpWire(to);
    return new SendingSession(wire, domain, to.transport === 'udp');
  }

  /** The other side has ended it. */
  get ended(): boolean {
    return !this.#closed && this.wire.ended;
  }

  /** Over UDP: the host has said that nobody listens there. */
  get refused(): boolean {
    return this.wire.refused;
  }

  /** Sends these Sets as a Message, with the sequence number that is due. */
  send(...sets: readonly Uint8Array[]): Promise<void> {
    return this.sendWith({}, ...sets);
  }

  /** The same with some of the header changed; a sequence number given is where it goes on from. */
  async sendWith(header: HeaderFields, ...sets: readonly Uint8Array[]): Promise<void> {
    await this.raw(this.message(header, ...sets));
  }

  /** The Message that `sendWith` would send. Its Data Records are counted as sent. */
  message(header: HeaderFields, ...sets: readonly Uint8Array[]): Buffer {
    const domain = header.domain ?? this.domain;
    const sequence = header.sequence ?? this.#sequences.get(domain) ?? 0;
    const bytes = message({ ...header, domain, sequence }, ...sets);
    const { sets: read } = this.#reader.read(bytes);
    const records = read.reduce((sum, { records }) => sum + records.length, 0);
    this.#sequences.set(domain, (sequence + records) % 2 ** 32);
    return bytes;
  }

  /** Sends octets as they are. */
  async raw(bytes: Uint8Array): Promise<void> {
    if (!this.ended) await this.wire.send(Buffer.from(bytes));
  }

  /** Whether the other side has ended the connection within a second or two. */
  async endedSoon(): Promise<boolean> {
    for (let i = 0; i < 15 && !this.ended; i++) await sleep(100);
    return this.ended;
  }

  /** Ends the session in order. */
  close(): Promise<void> {
    return this.#close(false);
  }

  /** Ends it as a crash would: a reset over TCP. */
  abort(): Promise<void> {
    return this.#close(true);
  }

  async #close(abruptly: boolean): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.wire.close(abruptly);
  }
}

async function udpWire({ host, port }: TransportAddress): Promise<Wire> {
  const socket: DatagramSocket = createSocket({ type: isIPv6(host) ? 'udp6' : 'udp4', sendBufferSize: 262_144 });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', problem => reject(new WeirError(`cannot send to ${host}: ${problem.message}`)));
    socket.connect(port, host, () => resolve());
  });
  let refused = false;
  // RFC 1122 section 4.1.3.3: the ICMP message Port Unreachable comes as an error of the connected socket.
  socket.removeAllListeners('error').on('error', ({ code }: NodeJS.ErrnoException) => {
    refused ||= code === 'ECONNREFUSED';
  });
  return {
    ended: false,
    get refused() {
      return refused;
    },
    send: bytes =>
      new Promise(resolve => {
        socket.send(bytes, () => setTimeout(resolve, PACE));
      }),
    close: async () => {
      await sleep(PACE);
      socket.close();
    },
  };
}

async function tcpWire({ host, port }: TransportAddress): Promise<Wire> {
  const socket: Socket = connect({ host, port, noDelay: true, allowHalfOpen: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', problem => {
      reject(new WeirError(`cannot connect to ${host} port ${port}: ${problem.message}; does the collector run?`));
    });
  });
  let ended = false;
  socket.on('error', () => {});
  for (const event of ['end', 'close'] as const) socket.on(event, () => (ended = true));
  socket.resume();
  return {
    get ended() {
      return ended;
    },
    refused: false,
    send: bytes => new Promise(resolve => socket.write(bytes, () => resolve())),
    async close(abruptly) {
      if (ended) socket.destroy();
      else if (abruptly) socket.resetAndDestroy();
      else socket.end();
      for (let i = 0; i < 20 && !socket.closed; i++) await sleep(50);
      socket.destroy();
    },
  };
}
