import type { Socket } from 'node:net';
import { formatHostPort } from '../config/address.js';
import type { Peer } from './peer.js';
import type { SctpSocket, UserMessage } from './sctp-socket.js';
import { newSession, type Session } from './sessions.js';
import { StreamFramer } from './stream-framer.js';

/** Malformed Messages in a row that show a clearly malfunctioning exporter (RFC 7011 section 9.1). */
const MALFORMED_IN_A_ROW = 3;

/** What a connection is read from. */
export type StreamSocket = Socket | SctpSocket;

/** Takes what connections bring. */
export interface MessageSink {
  /** Whether there is room for the records of one more Message. */
  room(): boolean;
  /** Takes one Message, which came over that stream of an SCTP association. Whether it made sense is for `judge`, at any time. */
  message(session: Session, bytes: Uint8Array, stream: number): void;
  /** All Messages that were read of a socket have been handed over; it is read on after this. */
  taken(): void;
  /** The session is over. */
  end(session: Session): void;
}

/** What becomes of a connection. */
export interface ConnectionEvents {
  /** Its first Message that made sense has come: it is an exporter's. */
  introduced(): void;
  /**
   * @param why for people, absent where all is in order
   * @param isFault it was ended from here, because what came made no sense
   */
  ended(why: string | undefined, isFault: boolean): void;
}

/** One Transport Session over TCP, TLS or SCTP. Its Templates live as long as the connection (RFC 7011 section 8). */
export class Connection {
  readonly session: Session;
  /** Octets are here that wait for room. */
  waiting = false;
  readonly #socket: StreamSocket;
  readonly #sink: MessageSink;
  readonly #events: ConnectionEvents;
  readonly #framer = new StreamFramer();
  #stream = 0;
  #lastOctets = performance.now();
  #isIntroduced = false;
  #malformed = 0;
  #closed = false;
  #over = false;
  #failure: string | undefined;

  constructor(
    socket: StreamSocket,
    peer: Peer,
    protocol: Session['protocol'],
    sink: MessageSink,
    events: ConnectionEvents,
  ) {
    this.session = newSession(peer, protocol, Date.now());
    this.#socket = socket;
    this.#sink = sink;
    this.#events = events;
    socket.on('data', (data: Uint8Array | UserMessage) => {
      this.#lastOctets = performance.now();
      this.#stream = 'stream' in data ? data.stream : 0;
      this.#framer.push('stream' in data ? data.bytes : data);
      this.read();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure = error.code ?? error.message;
    });
    socket.on('close', () => {
      this.#closed = true;
      this.read();
    });
  }

  /** The exporter's end as people read it. */
  get name(): string {
    const { peer, protocol } = this.session;
    return `${protocol}://${formatHostPort({ host: peer.address, port: peer.port })}`;
  }

  /** Milliseconds since octets came; 0 while some wait here, or for the kernel of an exporter: it ends an association by itself. */
  silence(): number {
    return this.waiting || this.session.protocol === 'sctp' ? 0 : performance.now() - this.#lastOctets;
  }

  /** Takes the Messages that are here while there is room; without room the socket is not read, so that the exporter is held up. */
  read(): void {
    if (this.#over) return;
    this.waiting = !this.#takeAll();
    this.#sink.taken();
    if (this.#over) return;
    if (this.waiting) this.#socket.pause();
    else if (this.#framer.problem !== undefined) this.#shutDown(this.#framer.problem);
    else if (this.#closed) this.#end();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** Takes it to heart whether a Message made sense; after that Messages may be told of that only where it changes. */
  judge(problem: string | undefined): void {
    if (this.#over) return;
    if (problem === undefined) {
      this.#malformed = 0;
      if (!this.#isIntroduced) this.#events.introduced();
      this.#isIntroduced = true;
    } else if (++this.#malformed === MALFORMED_IN_A_ROW) {
      this.#shutDown(`${MALFORMED_IN_A_ROW} Messages in a row were malformed, the last: ${problem}`);
    }
  }

  /** Sends nothing but the end of our direction: the exporter sees it and ends its own behind what it has still to send. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends the connection whatever is on its way. */
  cut(): void {
    this.#socket.destroy();
  }

  /** Whether there was room for all. */
  #takeAll(): boolean {
    while (!this.#over) {
      if (!this.#sink.room()) return false;
      const message = this.#framer.next();
      if (message === undefined) return true;
      this.#sink.message(this.session, message, this.#stream);
    }
    return true;
  }

  #shutDown(why: string): void {
    this.#finish();
    this.#socket.destroy();
    this.#events.ended(`${why}; the connection is shut down`, true);
  }

  #end(): void {
    this.#finish();
    const { pending } = this.#framer;
    const reason = this.#failure === undefined ? '' : ` (${this.#failure})`;
    if (pending > 0) this.#events.ended(`it ended within a Message${reason}: ${pending} octets are lost`, false);
    else this.#events.ended(this.#failure && `the connection broke${reason}`, false);
  }

  #finish(): void {
    this.#over = true;
    this.waiting = false;
    this.#sink.end(this.session);
  }
}
