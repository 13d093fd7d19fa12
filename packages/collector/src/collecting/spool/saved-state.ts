import type { Told } from '../../flow/told.js';
import { restoredSession, type SavedSession, type SavedSessions, type Session, SessionTable } from '../sessions.js';
import { UnreadSets } from '../unread-sets.js';

/** The Transport Session of a connection whose Messages are not all decoded. */
export interface SavedStream extends SavedSession {
  readonly connection: number;
  readonly protocol: Session['protocol'];
}

/** What decoding needs to go on at a position. */
export interface SavedState {
  readonly version: 1;
  readonly datagrams?: SavedSessions;
  readonly streams: readonly SavedStream[];
}

/** Connections by their number. */
export function saveStreams(
  streams: ReadonlyMap<number, Session>,
  save: (session: Session) => SavedSession,
): SavedStream[] {
  return Array.from(streams, ([connection, session]) => ({ connection, protocol: session.protocol, ...save(session) }));
}

/** @param resume told of each session and what was saved of it */
export function restoreStreams(
  saved: readonly SavedStream[],
  resume: (session: Session, saved: SavedSession) => void,
): Map<number, Session> {
  return new Map(
    saved.map(stream => {
      const session = restoredSession(stream, stream.protocol);
      resume(session, stream);
      return [stream.connection, session];
    }),
  );
}

/** Throws where it is not what was saved. */
export function check(saved: SavedState): void {
  const unread = new UnreadSets();
  const resume = (session: Session, its: SavedSession) => unread.restore(session, its.unread ?? []);
  restoreStreams(saved.streams, resume);
  const datagrams = saved.datagrams === undefined ? [] : new SessionTable().restore(saved.datagrams);
  for (const [session, its] of datagrams) resume(session, its);
}

/** Of the sessions of two runs, or of two threads, those that were heard of last; and what both have beside sessions. */
export function newest(a: SavedSessions | undefined, b: SavedSessions | undefined): SavedSessions {
  const sessions = new Map<string, SavedSession>();
  for (const session of [...(a?.sessions ?? []), ...(b?.sessions ?? [])]) {
    const key = `${session.address} ${session.port}`;
    const other = sessions.get(key);
    if (other === undefined || other.lastSeen <= session.lastSeen) sessions.set(key, session);
  }
  const told = toldTogether(a?.told ?? b?.told, a?.told && b?.told);
  return { version: 1, sessions: [...sessions.values()], ...(told && { told }) };
}

function toldTogether(a: Told | undefined, b: Told | undefined): Told | undefined {
  if (a === undefined || b === undefined) return a;
  return { interfaces: [...a.interfaces, ...b.interfaces], elements: [...a.elements, ...b.elements] };
}
