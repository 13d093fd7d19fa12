import type { MessageHeader } from '@weir/ipfix';
import type { Session } from './sessions.js';

/** A Data Set whose Template is not known yet. */
export interface UnreadSet {
  readonly session: Session;
  /** Of the Message that it came in. */
  readonly header: MessageHeader;
  readonly setId: number;
  readonly content: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The same, as it is saved with its session. */
export interface SavedUnreadSet extends Omit<UnreadSet, 'session' | 'content'> {
  /** In base64. */
  readonly content: string;
}

const MAXIMUM_SETS = 16_384;
const MAXIMUM_OCTETS = 16 << 20;
const SESSION_OCTETS = 1 << 20;
/** Ten minutes are what exporters take between two repetitions of a Template by default, if not less. */
const KEPT_MILLISECONDS = 10 * 60_000;

/**
 * Data Sets that came before their Template, over UDP after a restart of the collector for example, to be read when it comes (RFC 7011 section
 * 8 allows it). Bounded: what finds no room, or waits too long, stays unread.
 */
export class UnreadSets {
  /** In the order in which they came. */
  #sets: UnreadSet[] = [];
  #octets = 0;
  readonly #octetsOf = new Map<Session, number>();

  get isEmpty(): boolean {
    return this.#sets.length === 0;
  }

  /** Keeps a copy of what it is given, as far as there is room. */
  keep(set: UnreadSet): void {
    const { session, content, receivedAt } = set;
    const first = this.#sets[0];
    if (first !== undefined && first.receivedAt < receivedAt - KEPT_MILLISECONDS)
      this.#takeOut(each => each.receivedAt < receivedAt - KEPT_MILLISECONDS);
    const ofSession = this.#octetsOf.get(session) ?? 0;
    if (this.#sets.length >= MAXIMUM_SETS || this.#octets + content.length > MAXIMUM_OCTETS) return;
    if (ofSession + content.length > SESSION_OCTETS) return;
    this.#sets.push({ ...set, content: content.slice() });
    this.#octets += content.length;
    this.#octetsOf.set(session, ofSession + content.length);
  }

  /** Takes out the Data Sets of these Templates, which a Message of the session has told, in the order in which they came. */
  take(
    session: Session,
    { version, observationDomainId }: MessageHeader,
    templateIds: ReadonlySet<number>,
  ): UnreadSet[] {
    return this.#takeOut(
      ({ header, session: from, setId }) =>
        from === session &&
        header.observationDomainId === observationDomainId &&
        header.version === version &&
        templateIds.has(setId),
    );
  }

  /** What a session has left, in the order in which it came. */
  save(session: Session): SavedUnreadSet[] {
    if (!this.#octetsOf.has(session)) return [];
    return this.#sets
      .filter(set => set.session === session)
      .map(({ header, setId, content, receivedAt }) => ({
        ...{ header, setId, receivedAt },
        content: Buffer.from(content.buffer, content.byteOffset, content.length).toString('base64'),
      }));
  }

  /** Goes on with what `save` gave. What it did not write throws. */
  restore(session: Session, saved: readonly SavedUnreadSet[]): void {
    for (const { content, ...set } of saved) this.keep({ ...set, session, content: Buffer.from(content, 'base64') });
  }

  /** Forgets what a session has left. */
  forget(session: Session): void {
    this.#takeOut(set => set.session === session);
  }

  #takeOut(isMeant: (set: UnreadSet) => boolean): UnreadSet[] {
    const taken: UnreadSet[] = [];
    const left: UnreadSet[] = [];
    for (const set of this.#sets) (isMeant(set) ? taken : left).push(set);
    this.#sets = left;
    for (const { session, content } of taken) {
      this.#octets -= content.length;
      const rest = this.#octetsOf.get(session)! - content.length;
      if (rest === 0) this.#octetsOf.delete(session);
      else this.#octetsOf.set(session, rest);
    }
    return taken;
  }
}
