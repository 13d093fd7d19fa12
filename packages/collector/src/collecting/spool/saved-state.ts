import {
  restoredSession,
  type SavedSession,
  type SavedSessions,
  type Session,
  SessionTable,
  savedSession,
} from '../sessions.js';

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
export function saveStreams(streams: ReadonlyMap<number, Session>): SavedStream[] {
  return Array.from(streams, ([connection, session]) => ({
    connection,
    protocol: session.protocol,
    ...savedSession(session),
  }));
}

export function restoreStreams(saved: readonly SavedStream[]): Map<number, Session> {
  return new Map(saved.map(stream => [stream.connection, restoredSession(stream, stream.protocol)]));
}

/** Throws where it is not what was saved. */
export function check(saved: SavedState): void {
  restoreStreams(saved.streams);
  if (saved.datagrams !== undefined) new SessionTable().restore(saved.datagrams);
}

/** Of the sessions of two runs, or of two threads, those that were heard of last. */
export function newest(a: SavedSessions | undefined, b: SavedSessions | undefined): SavedSessions {
  const sessions = new Map<string, SavedSession>();
  for (const session of [...(a?.sessions ?? []), ...(b?.sessions ?? [])]) {
    const key = `${session.address} ${session.port}`;
    const other = sessions.get(key);
    if (other === undefined || other.lastSeen <= session.lastSeen) sessions.set(key, session);
  }
  return { version: 1, sessions: [...sessions.values()] };
}
