import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../config/address.js';
import type { Audit } from './audit.js';
import { csrfOf } from './csrf.js';
import { RequestError } from './errors.js';
import { LoginLimit, PUBLIC, RateLimit } from './rate.js';
import { digestOf, type Session, type Sessions } from './sessions.js';
import { sameToken } from './token.js';
import type { Me } from './types.js';
import { hasPassword, type UserRole, type Users } from './users.js';

export type Role = 'none' | UserRole;

/** Who asks. */
export interface Principal {
  /** Name of the user, or how somebody without a name came: "socket", "token", "anonymous". */
  readonly who: string;
  readonly role: Role;
  /** Address, or "socket". */
  readonly from: string;
  /** What the browser of a session has. */
  readonly session?: string;
}

/** What a login or logout comes to. */
export interface LoggedIn {
  /** For the header set-cookie. */
  readonly cookie: string;
  /** Who asks from now on. */
  readonly principal: Principal;
}

export interface AccessOptions {
  /** Who has it is an operator. */
  readonly token: string;
  /** Who says nothing of himself may not even look. */
  readonly tokenNeeded: boolean;
  readonly behindProxy: boolean;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly audit: Audit;
}

const COOKIE = 'weir-session';
/** Of hashes that are made at a time: the others wait, and the API goes on. */
const MOST_HASHES = 2;

/** Tells who asks, and logs people in and out. */
export class Access {
  readonly counters = { logins: 0, failures: 0, refused: 0, public: 0, refusedPublic: 0 };
  readonly #limit = new LoginLimit();
  readonly #publicLimit = new RateLimit(PUBLIC);
  readonly #hashing = new Set<Promise<boolean>>();
  readonly #logOutListeners = new Set<() => void>();

  constructor(readonly options: AccessOptions) {}

  principalOf(request: FastifyRequest): Principal {
    const { token } = this.options;
    const from = request.ip;
    const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const cookie = bearer === undefined ? cookieOf(request) : undefined;
    if (bearer !== undefined && sameToken(bearer, token)) return { who: 'token', role: 'operator', from };
    const known = cookie === undefined ? undefined : this.#holderOf(cookie, this.options.sessions.find(cookie));
    if (known !== undefined) return { ...known, from };
    return this.#anonymous(from);
  }

  /** @param principal who is to be told of himself; after a login or logout no longer who asked */
  meOf(request: FastifyRequest, { who, role, session }: Principal = request.principal): Me {
    const login = this.options.users.any && this.#isPrivate(request);
    if (session === undefined) return { role, login };
    return { ...(who === 'token' ? {} : { name: who }), role, csrf: csrfOf(session), login };
  }

  /**
   * Opens a session for who has the token, or the password of the user.
   * @throws RequestError 401, 403, 429
   */
  async logIn(request: FastifyRequest, secret: string, name: string | undefined): Promise<LoggedIn> {
    const { users, sessions, audit, token } = this.options;
    if (name !== undefined) this.#checkPrivate(request);
    this.#checkLimit(request);
    const user = name === undefined ? undefined : users.get(name);
    const right = name === undefined ? sameToken(secret, token) : await this.#hashed(() => hasPassword(user, secret));
    // Only known names are written down: a password is easily typed into the wrong field.
    const who = name === undefined ? 'token' : (user?.name ?? 'unknown');
    const role: Role = name === undefined ? 'operator' : (user?.role ?? 'none');
    const event = { who, role, from: request.ip, action: 'login' };
    if (!right) {
      this.counters.failures++;
      audit.write({ ...event, role: 'none', outcome: 'refused' });
      throw new RequestError(401, name === undefined ? 'the token is wrong' : 'the name or the password is wrong');
    }
    this.#limit.giveBack(request.ip);
    this.counters.logins++;
    audit.write({ ...event, outcome: 'done' });
    const session = sessions.open(user?.name ?? '', user?.password ?? token);
    return { cookie: cookieText(session, isEncrypted(request)), principal: { who, role, from: request.ip, session } };
  }

  logOut(request: FastifyRequest): LoggedIn {
    const { session, from } = request.principal;
    if (session !== undefined) this.options.sessions.close(session);
    for (const listener of this.#logOutListeners) listener();
    const cookie = `${cookieText('', isEncrypted(request))}; Max-Age=0`;
    return { cookie, principal: this.#anonymous(from) };
  }

  /** Calls the listener after each logout, until the function that it returns is called. */
  onLogOut(listener: () => void): () => void {
    this.#logOutListeners.add(listener);
    return () => this.#logOutListeners.delete(listener);
  }

  /** Whether somebody is still who he was when he asked: not logged out, not removed, in the same role. Asking does not use the session. */
  isStill({ who, role, session }: Principal): boolean {
    if (session === undefined) return true;
    const now = this.#holderOf(session, this.options.sessions.look(session));
    return now?.who === who && now.role === role;
  }

  /**
   * Lets somebody see what is public, but not too often. A file of tiles is read in many small parts: these do not count.
   * @throws RequestError 429
   */
  letSee({ ip, routeOptions }: FastifyRequest): void {
    const seconds = routeOptions.config?.isOfMap === 'file' ? 0 : this.#publicLimit.take(ip);
    if (seconds === 0) {
      this.counters.public++;
      return;
    }
    this.counters.refusedPublic++;
    throw new RequestError(429, `too much was asked without a login: ask again in ${seconds} seconds`, {
      'retry-after': String(seconds),
    });
  }

  #anonymous(from: string): Principal {
    return { who: 'anonymous', role: this.options.tokenNeeded ? 'none' : 'viewer', from };
  }

  #holderOf(secret: string, session: Readonly<Session> | undefined): Omit<Principal, 'from'> | undefined {
    const { users, token } = this.options;
    if (session === undefined) return undefined;
    const user = session.user === '' ? undefined : users.get(session.user);
    const credential = session.user === '' ? token : user?.password;
    // A user who was removed, another password, another token.
    if (credential === undefined || digestOf(credential) !== session.by) return undefined;
    return { who: user?.name ?? 'token', role: user?.role ?? 'operator', session: secret };
  }

  #checkLimit(request: FastifyRequest): void {
    const seconds = this.#limit.take(request.ip);
    if (seconds === 0) return;
    this.counters.refused++;
    throw new RequestError(429, `too many logins have failed: try again in ${seconds} seconds`, {
      'retry-after': String(seconds),
    });
  }

  #checkPrivate(request: FastifyRequest): void {
    if (this.#isPrivate(request)) return;
    throw new RequestError(
      403,
      this.options.behindProxy
        ? 'no password is taken that came unencrypted: let the proxy take https:// and send X-Forwarded-Proto'
        : 'no password is taken that came unencrypted: use https:// (http-cert and http-key), or a proxy that does (http-behind-proxy)',
    );
  }

  /** Whether nobody on the way can read what is sent. */
  #isPrivate(request: FastifyRequest): boolean {
    return isEncrypted(request) || (!this.options.behindProxy && isLoopback(request.ip.replace(/^::ffff:/i, '')));
  }

  async #hashed(hash: () => Promise<boolean>): Promise<boolean> {
    // As many as the limit of logins lets in wait here, and no more.
    while (this.#hashing.size >= MOST_HASHES) await Promise.race(this.#hashing);
    const running = hash();
    this.#hashing.add(running);
    try {
      return await running;
    } finally {
      this.#hashing.delete(running);
    }
  }
}

function isEncrypted(request: FastifyRequest): boolean {
  return request.protocol === 'https';
}

function cookieText(secret: string, secure: boolean): string {
  return `${COOKIE}=${secret}${secure ? '; Secure' : ''}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieOf({ headers }: FastifyRequest): string | undefined {
  return new RegExp(`(?:^|; *)${COOKIE}=([^;]+)`).exec(headers.cookie ?? '')?.[1];
}
