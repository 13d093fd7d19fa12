import { MessageReader } from '../../wire/read.js';
import type { ReadMessage, ReadRecord, ReadSet } from '../../wire/read-types.js';
import type { WireTemplate } from '../../wire/template.js';
import type { Transport } from '../case.js';
import type { Arrival } from './listener.js';

/** A Message of an Exporting Process, and when it came. */
export interface HeardMessage extends ReadMessage {
  readonly time: number;
}

/** One Transport Session as it was heard. */
export interface HeardSession {
  readonly transport: Transport;
  readonly peer: string;
  readonly messages: HeardMessage[];
  /** What could not be cut into Messages: a stream out of step, a Message cut off by the end of the connection. */
  readonly broken: string[];
  /** When its first octets came, and over a connection when it ended, if it did. */
  readonly began: number;
  ended?: number;
}

/** Puts together what came: the Transport Sessions of an exporter and their Messages, read strictly. */
export class Heard {
  readonly sessions: HeardSession[] = [];
  readonly #open = new Map<string, OpenSession>();

  take(arrival: Arrival): void {
    const key = `${arrival.transport} ${arrival.peer}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = new OpenSession(arrival);
      this.#open.set(key, open);
      this.sessions.push(open.session);
    }
    open.take(arrival);
    // A later connection from the same port is another session.
    if (arrival.octets.length === 0 && arrival.transport === 'tcp') this.#open.delete(key);
  }
}

class OpenSession {
  readonly session: HeardSession;
  readonly #reader: MessageReader;
  #rest: Buffer = Buffer.alloc(0);

  constructor({ transport, peer, time }: Arrival) {
    this.session = { transport, peer, messages: [], broken: [], began: time };
    this.#reader = new MessageReader(transport === 'udp');
  }

  take({ time, transport, octets }: Arrival): void {
    if (transport === 'udp') {
      this.#message(octets, time);
      return;
    }
    if (octets.length === 0) this.session.ended = time;
    if (octets.length === 0 && this.#rest.length > 0) {
      this.session.broken.push(`the connection ended within a Message, ${this.#rest.length} octets into it`);
    }
    this.#rest = Buffer.concat([this.#rest, octets]);
    while (this.session.broken.length === 0 && this.#rest.length >= 4) {
      const [version, length] = [this.#rest.readUInt16BE(0), this.#rest.readUInt16BE(2)];
      if (version !== 10 || length < 16)
        this.session.broken.push(`a Message of version ${version} and length ${length}`);
      else if (this.#rest.length < length) return;
      else {
        this.#message(this.#rest.subarray(0, length), time);
        this.#rest = this.#rest.subarray(length);
      }
    }
  }

  #message(octets: Buffer, time: number): void {
    this.session.messages.push({ ...this.#reader.read(Buffer.from(octets)), time });
  }
}

/** A thing of a Message, with where it stands. */
export interface Placed<T> {
  readonly session: HeardSession;
  readonly message: HeardMessage;
  readonly it: T;
}

/** Every Set of every session. */
export function* setsOf(heard: Heard): Generator<Placed<ReadSet>> {
  for (const session of heard.sessions) {
    for (const message of session.messages) for (const it of message.sets) yield { session, message, it };
  }
}

/** Every Template Record, repeated ones too. */
export function* templatesOf(heard: Heard): Generator<Placed<WireTemplate>> {
  for (const { session, message, it } of setsOf(heard))
    for (const each of it.templates) yield { session, message, it: each };
}

/** Every Data Record. */
export function* recordsOf(heard: Heard): Generator<Placed<ReadRecord>> {
  for (const { session, message, it } of setsOf(heard))
    for (const each of it.records) yield { session, message, it: each };
}

/** "Message 3 from 10.77.2.1 40000": where somebody would look in a capture. */
export function placeText({ session, message }: Pick<Placed<unknown>, 'session' | 'message'>): string {
  return `Message ${session.messages.indexOf(message) + 1} from ${session.peer}`;
}
