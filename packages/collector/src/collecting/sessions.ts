import { type SessionState, TransportSession } from '@weir/ipfix';
import type { Told } from '../flow/told.js';
import { Sampling, type SavedSampling } from './meaning/sampling.js';
import { type Peer, peerOfText } from './peer.js';
import type { SavedUnreadSet } from './unread-sets.js';

/** A Transport Session: the Messages of one exporter address and port over UDP (RFC 7011 section 10.3.5), else of one connection. */
export interface Session {
  readonly peer: Peer;
  readonly protocol: 'udp' | 'tcp' | 'tls' | 'sctp';
  readonly transport: TransportSession;
  readonly sampling: Sampling;
  /** Milliseconds since the epoch. */
  lastSeen: number;
}

/** A session as it is kept in a file. */
export interface SavedSession {
  readonly address: string;
  readonly port: number;
  readonly lastSeen: number;
  readonly state: SessionState;
  /** Absent where the exporter tells of none. */
  readonly sampling?: readonly SavedSampling[];
  /** By Observation Domain: see Exporter.bootTime. Absent where the exporter tells of none. */
  readonly bootTimes?: readonly (readonly [domain: number, time: number])[];
  /** Data Sets that wait for their Template; absent where there are none. */
  readonly unread?: readonly SavedUnreadSet[];
}

/** The sessions over UDP as they are kept in a file. */
export interface SavedSessions {
  readonly version: 1;
  readonly sessions: readonly SavedSession[];
  /** What the store has not kept yet of what exporters have told; absent where there is nothing. */
  readonly told?: Told;
}

const MAXIMUM_SESSIONS = 1024;
/** Anyone who reaches the port can open sessions: together they may keep some hundred megabytes of Templates, not more. */
const LIMITS = { domains: 64, templatesPerDomain: 1024, fields: 8192 };
/** RFC 7011 section 9.1: a malformed Message is discarded, so that nothing is stored that might be something else. */
const DISCARD = { discardMalformed: true };
const UDP = { datagrams: true, ...DISCARD };
/** A session as quiet as this may make room for a new one. RFC 7011 section 8.4 has Templates sent again much sooner. */
const REPLACEABLE_AFTER = 30 * 60_000;
const FORGOTTEN_AFTER = 24 * 3_600_000;

/** A Transport Session that has just begun. */
export function newSession(peer: Peer, protocol: Session['protocol'], now: number): Session {
  return {
    peer,
    protocol,
    transport: new TransportSession(LIMITS, undefined, protocol === 'udp' ? UDP : DISCARD),
    sampling: new Sampling(),
    lastSeen: now,
  };
}

export function savedSession({ peer, transport, sampling, lastSeen }: Session): SavedSession {
  const told = sampling.save();
  const { address, port } = peer;
  return { address, port, lastSeen, state: transport.save(), ...(told.length > 0 && { sampling: told }) };
}

/** A session that goes on where it was saved: itself, without what Ingest keeps for it. What was not written by `save` throws. */
export function restoredSession(
  { address, port, lastSeen, state, sampling: saved }: SavedSession,
  protocol: Session['protocol'],
): Session {
  const transport = TransportSession.restore(state, LIMITS, undefined, protocol === 'udp' ? UDP : DISCARD);
  const sampling = new Sampling();
  sampling.restore(saved ?? []);
  return { peer: peerOfText(address, port), protocol, transport, sampling, lastSeen };
}

/**
 * All Transport Sessions over UDP; bounded. Senders that have told no Template yet are strangers: where there is no room they go first, so that a
 * flood of forged senders does not keep exporters out.
 */
export class SessionTable {
  readonly #sessions = new Map<string, Session>();
  readonly #strangers = new Map<string, Session>();

  get size(): number {
    return this.#sessions.size;
  }

  /** The peer's session, a new one where there is none; undefined where the table is full of lively ones. */
  of(peer: Peer, now: number): Session | undefined {
    const key = peer.key;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    if (this.#sessions.size >= MAXIMUM_SESSIONS && !this.#forgetStranger() && !this.#forget(now - REPLACEABLE_AFTER)) {
      return undefined;
    }
    const session = newSession(peer, 'udp', now);
    this.#sessions.set(key, session);
    this.#strangers.set(key, session);
    return session;
  }

  /** The session has told a Template. */
  introduced({ peer }: Session): void {
    this.#strangers.delete(peer.key);
  }

  save(now: number, save = savedSession): SavedSessions {
    this.#forget(now - FORGOTTEN_AFTER);
    return { version: 1, sessions: Array.from(this.#sessions.values(), save) };
  }

  /** Goes on where `save` was called. What was not written by `save` throws. @returns the sessions beside what was saved of them */
  restore(saved: SavedSessions): [Session, SavedSession][] {
    if (saved.version !== 1) throw new Error(`sessions of version ${String(saved.version)}`);
    return saved.sessions.slice(0, MAXIMUM_SESSIONS).map(session => {
      const restored = restoredSession(session, 'udp');
      this.#sessions.set(restored.peer.key, restored);
      return [restored, session];
    });
  }

  /** Forgets every session last seen before `time`; whether there was one. */
  #forget(time: number): boolean {
    const before = this.#sessions.size;
    for (const [key, session] of this.#sessions) if (session.lastSeen < time) this.#delete(key);
    return this.#sessions.size < before;
  }

  /** Forgets the stranger that came first; whether there was one. */
  #forgetStranger(): boolean {
    const [key] = this.#strangers.keys();
    if (key === undefined) return false;
    this.#delete(key);
    return true;
  }

  #delete(key: string): void {
    this.#sessions.delete(key);
    this.#strangers.delete(key);
  }
}
