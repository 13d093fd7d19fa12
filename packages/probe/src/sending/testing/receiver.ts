import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { type DataSet, decodeRecords, MessageSplitter, TransportSession } from '@weir/ipfix';

/** A Collecting Process over TCP or TLS that notes what it got: as bad or as good as a test wants it. */
export class Receiver {
  readonly sockets = new Set<Socket>();
  readonly sessions: TransportSession[] = [];
  /** By flowId: how often it came. */
  readonly flows = new Map<number, number>();
  readonly problems: string[] = [];
  /** TCP connections whose TLS handshake is not over, by the other side's port. */
  readonly #handshakes = new Map<number | undefined, Socket>();
  #reading = true;
  #stopping = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    isTls: boolean,
  ) {
    if (isTls) server.on('connection', socket => this.#handshakes.set(socket.remotePort, socket));
    server.on(isTls ? 'secureConnection' : 'connection', socket => this.#accept(socket));
  }

  static async listen(port = 0, tls?: TlsOptions): Promise<Receiver> {
    const server =
      tls === undefined ? createServer({ allowHalfOpen: true }) : createTlsServer({ ...tls, allowHalfOpen: true });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new Receiver(server, (server.address() as AddressInfo).port, tls !== undefined);
  }

  /** Data Records that came more than once. */
  get doubles(): number {
    return [...this.flows.values()].filter(times => times > 1).length;
  }

  /** Data Records missing by the sequence numbers, Sets without a Template, Messages that were malformed. */
  get faults(): number {
    const of = ({ counters }: TransportSession) =>
      counters.lostRecords + counters.unknownTemplateSets + counters.malformedMessages + counters.restarts;
    return this.sessions.reduce((sum, session) => sum + of(session), this.problems.length);
  }

  /** Leaves what comes in the kernel, as a process that is stopped does. */
  pause(): void {
    this.#reading = false;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.#reading = true;
    for (const socket of this.sockets) socket.resume();
  }

  /** Ends in order: takes no new session, ends its side of each, reads to the end. */
  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.#stopping = true;
    this.resume();
    for (const socket of this.sockets) socket.end();
    for (const socket of this.#handshakes.values()) socket.destroy();
    await closed;
  }

  /** Ends as a process that is killed does. */
  async kill(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of [...this.sockets, ...this.#handshakes.values()]) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const session = new TransportSession();
    const splitter = new MessageSplitter(({ detail }) => this.problems.push(detail));
    this.#handshakes.delete(socket.remotePort);
    this.sockets.add(socket);
    this.sessions.push(session);
    socket.on('data', chunk => {
      for (const { bytes } of splitter.push(chunk)) session.decode(bytes, { dataSet: set => this.#note(set) });
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    if (!this.#reading) socket.pause();
    if (this.#stopping) socket.end();
  }

  #note(set: DataSet): void {
    for (const { record } of decodeRecords(set)) {
      const id = record.flowId as number;
      this.flows.set(id, (this.flows.get(id) ?? 0) + 1);
    }
  }
}
