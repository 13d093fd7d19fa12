import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { chownSync, readFileSync, renameSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeDirectory } from '../config/directory.js';
import { WeirError } from '../error.js';

/** What a user may do: look, or look and change. */
export type UserRole = 'viewer' | 'operator';

export interface User {
  readonly name: string;
  readonly role: UserRole;
  /** The password as scrypt (RFC 7914) keeps it: scrypt$N$r$p$SALT$HASH, both in base64url. */
  readonly password: string;
}

const roles: readonly UserRole[] = ['viewer', 'operator'];
/** NIST SP 800-63B asks for length, not for kinds of characters. */
export const SHORTEST_PASSWORD = 12;
const LONGEST_PASSWORD = 1024;

/** What askers without a name are called: no user may pass for one. */
const reserved = ['anonymous', 'socket', 'token', 'unknown'];
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const passwordPattern = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22,88})\$([\w-]{43,88})$/;
/** A hash takes 128 N r octets (32 MiB) and about 0.1 s. */
const COST = { N: 32_768, r: 8, p: 1 } as const;
const MOST_MEMORY = 256 << 20;
const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** @throws WeirError where the name or the password cannot be one */
export async function makeUser(name: string, role: UserRole, password: string): Promise<User> {
  if (!isName(name)) {
    throw new WeirError(
      `"${name}" is no name of a user: take up to 64 letters, digits and . _ @ -, the first a letter or digit, but not ${reserved.join(', ')}`,
    );
  }
  if (password.length < SHORTEST_PASSWORD || password.length > LONGEST_PASSWORD) {
    throw new WeirError(`a password has ${SHORTEST_PASSWORD} characters or more (and at most ${LONGEST_PASSWORD})`);
  }
  const salt = randomBytes(16);
  const hash = await derive(password.normalize('NFC'), salt, 32, { ...COST, maxmem: MOST_MEMORY });
  const { N, r, p } = COST;
  return {
    name,
    role,
    password: ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$'),
  };
}

function isName(text: string): boolean {
  return namePattern.test(text) && !reserved.includes(text.toLowerCase());
}

/** For names that nobody has: an answer to these takes as long as one to others. */
const nobody = `scrypt$32768$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Whether the password is this user's. Of no user it never is, which takes as long to say. */
export async function hasPassword(user: User | undefined, password: string): Promise<boolean> {
  const [, N, r, p, salt, hash] = passwordPattern.exec(user?.password ?? nobody)!;
  const wanted = Buffer.from(hash!, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: MOST_MEMORY };
  const given = await derive(password.normalize('NFC'), Buffer.from(salt!, 'base64url'), wanted.length, cost);
  return timingSafeEqual(given, wanted) && user !== undefined;
}

/**
 * The users in the file, none where there is no file.
 * @throws WeirError where it cannot be read, is open to others, or a line of it is no user
 */
export function readUsers(file: string): User[] {
  let text: string;
  let stat: Stats;
  try {
    stat = statSync(file);
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new WeirError(`cannot read the users file ${file}: ${code}; give it to the user that the collector runs as`);
  }
  if ((stat.mode & 0o077) !== 0) {
    throw new WeirError(`others than its owner may open the users file ${file}: chmod 600 it`);
  }
  const lines = text.split('\n').map((line, i) => [line.trim(), i + 1] as const);
  return lines.filter(([line]) => line !== '' && !line.startsWith('#')).map(([line, i]) => parseUser(line, file, i));
}

function parseUser(line: string, file: string, number: number): User {
  const [name, role, password, ...rest] = line.split(':');
  const known = isName(name ?? '') && roles.includes(role as UserRole) && rest.length === 0;
  const [, N, r, p] = passwordPattern.exec(password ?? '') ?? [];
  // What scrypt itself would refuse, or would take all memory for.
  const blocks = Number(N) * Number(r) * 128;
  const isPower = Number(N) > 1 && (Number(N) & (Number(N) - 1)) === 0;
  if (known && isPower && blocks > 0 && blocks < MOST_MEMORY / 2 && Number(p) > 0) {
    return { name: name!, role: role as UserRole, password: password! };
  }
  throw new WeirError(
    `line ${number} of the users file ${file} is no user: remove it, and add the user with "weir user add"`,
  );
}

/** Writes the file whole, for its owner only: that of the directory, whose collector is to read it, where root writes. */
export function writeUsers(file: string, users: readonly User[]): void {
  const next = `${file}.new`;
  const lines = users.map(({ name, role, password }) => `${name}:${role}:${password}\n`);
  try {
    makeDirectory(dirname(file));
    writeFileSync(next, `# Users of Weir's pages: made by "weir user".\n${lines.join('')}`, { mode: 0o600 });
    if (process.getuid?.() === 0) {
      const { uid, gid } = statSync(dirname(file));
      chownSync(next, uid, gid);
    }
    renameSync(next, file);
  } catch (error) {
    throw new WeirError(
      `cannot write the users file ${file}: ${(error as Error).message}; name another with --users-file`,
    );
  }
}

/** The users of a running collector: read again when the file has changed, so that a user who was removed is out at once. */
export class Users {
  #version = '';
  #users = new Map<string, User>();

  /** @throws WeirError as readUsers does */
  constructor(
    readonly file: string,
    readonly log: (line: string) => void,
  ) {
    this.#users = byName(readUsers(file));
    this.#version = versionOf(file);
  }

  get(name: string): User | undefined {
    this.#refresh();
    return this.#users.get(name);
  }

  get any(): boolean {
    this.#refresh();
    return this.#users.size > 0;
  }

  #refresh(): void {
    const version = versionOf(this.file);
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.#users = byName(readUsers(this.file));
    } catch (error) {
      // Nobody is let in by what cannot be read.
      this.#users = new Map();
      this.log(`nobody can log in by name: ${(error as Error).message}`);
    }
  }
}

function byName(users: readonly User[]): Map<string, User> {
  return new Map(users.map(user => [user.name, user]));
}

function versionOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
}
