import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const IDLE_MILLISECONDS = 12 * 3_600_000;
const LONGEST_MILLISECONDS = 7 * 86_400_000;
const MOST_SESSIONS = 1000;
const SAVE_MILLISECONDS = 60_000;

const sessionSchema = Type.Object({
  /** SHA-256 of what the browser has: who reads the file cannot be somebody with it. */
  id: Type.String(),
  /** Name of the user, '' where the token opened the session. */
  user: Type.String(),
  /** SHA-256 of the token, or of the user's kept password, that opened the session: another one ends it. */
  by: Type.String(),
  created: Type.Number(),
  used: Type.Number(),
});
const fileSchema = Type.Array(sessionSchema);

export type Session = Static<typeof sessionSchema>;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Who is logged in. Kept in a file, so that a restart logs out nobody. */
export class Sessions {
  readonly #sessions: Map<string, Session>;
  readonly #timer: NodeJS.Timeout;
  #changed = false;

  constructor(
    readonly file: string,
    readonly log: (line: string) => void,
    readonly now: () => number = Date.now,
  ) {
    this.#sessions = new Map(this.#read().map(session => [session.id, session]));
    this.#timer = setInterval(() => this.#save(), SAVE_MILLISECONDS).unref();
  }

  get size(): number {
    this.#forgetEnded();
    return this.#sessions.size;
  }

  /** @returns what the browser is to have */
  open(user: string, credential: string): string {
    this.#forgetEnded();
    if (this.#sessions.size >= MOST_SESSIONS) this.#forgetLeastUsed();
    const secret = randomBytes(32).toString('base64url');
    const now = this.now();
    const id = digestOf(secret);
    this.#sessions.set(id, { id, user, by: digestOf(credential), created: now, used: now });
    this.#changed = true;
    this.#save();
    return secret;
  }

  /** The session of this secret, which is used now. */
  find(secret: string): Readonly<Session> | undefined {
    const session = this.#goingOn(secret);
    if (session === undefined) return undefined;
    session.used = this.now();
    this.#changed = true;
    return session;
  }

  /** The same, which is not used by it. */
  look(secret: string): Readonly<Session> | undefined {
    return this.#goingOn(secret);
  }

  close(secret: string): void {
    if (!this.#sessions.delete(digestOf(secret))) return;
    this.#changed = true;
    this.#save();
  }

  /** Ends the timer; everything is in the file then. */
  stop(): void {
    clearInterval(this.#timer);
    this.#save();
  }

  #goingOn(secret: string): Session | undefined {
    const session = this.#sessions.get(digestOf(secret));
    return session === undefined || hasEnded(session, this.now()) ? undefined : session;
  }

  #read(): Session[] {
    if (!existsSync(this.file)) return [];
    try {
      const sessions: unknown = JSON.parse(readFileSync(this.file, 'utf8'));
      if (Value.Check(fileSchema, sessions)) return sessions;
      this.log(`${this.file} holds no logins: everybody has to log in again`);
    } catch (error) {
      this.log(`${this.file} cannot be read (${(error as Error).message}): everybody has to log in again`);
    }
    return [];
  }

  #save(): void {
    if (!this.#changed) return;
    this.#changed = false;
    try {
      const next = `${this.file}.new`;
      writeFileSync(next, `${JSON.stringify([...this.#sessions.values()])}\n`, { mode: 0o600 });
      renameSync(next, this.file);
    } catch (error) {
      this.log(`logins cannot be kept over a restart: ${(error as Error).message}`);
    }
  }

  #forgetEnded(): void {
    const now = this.now();
    for (const [id, session] of this.#sessions) {
      if (!hasEnded(session, now)) continue;
      this.#sessions.delete(id);
      this.#changed = true;
    }
  }

  #forgetLeastUsed(): void {
    const [first] = [...this.#sessions.values()].sort((a, b) => a.used - b.used);
    if (first !== undefined) this.#sessions.delete(first.id);
  }
}

function hasEnded({ created, used }: Session, now: number): boolean {
  return now >= used + IDLE_MILLISECONDS || now >= created + LONGEST_MILLISECONDS;
}
