import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Collector, startCollector } from '../../main/start.js';
import { noDatabases } from '../../main/testing/options.js';
import { makeUser, type User, writeUsers } from '../users.js';
import { cookieOf, type LoggedIn, logIn, meIn } from './ask.js';

export const passwords = { vera: 'a viewer has this one', otto: 'an operator has this one' } as const;
export type Name = keyof typeof passwords;
let made: Promise<User[]> | undefined;

/** vera, who may look, and otto, who may change. */
export function people(): Promise<User[]> {
  made ??= Promise.all([makeUser('vera', 'viewer', passwords.vera), makeUser('otto', 'operator', passwords.otto)]);
  return made;
}

/** A collector with these users, in a directory of its own. */
export class PeopledCollector {
  private constructor(
    readonly directory: string,
    private collector: Collector,
    private readonly options: object,
  ) {}

  static async start(parent: string, name: string, options: object = {}): Promise<PeopledCollector> {
    const directory = join(parent, name);
    mkdirSync(directory);
    writeUsers(join(directory, 'users'), await people());
    const all = { ...noDatabases, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'], data: directory, ...options };
    return new PeopledCollector(directory, await startCollector(all), all);
  }

  /** One that everybody has to log in to. */
  static startGuarded(parent: string): Promise<PeopledCollector> {
    return PeopledCollector.start(parent, 'guarded', { 'token-file': join(parent, 'guarded/token') });
  }

  get http(): string {
    return this.collector.http;
  }

  get tokenFile(): string | undefined {
    return this.collector.tokenFile;
  }

  get token(): string {
    return readFileSync(join(this.directory, 'token'), 'utf8').trim();
  }

  get usersFile(): string {
    return join(this.directory, 'users');
  }

  /** @param name undefined: with the token */
  async session(name?: Name): Promise<LoggedIn> {
    const answer = await logIn(this.http, name, name === undefined ? this.token : passwords[name]);
    expect(answer.status).toBe(200);
    return { cookie: cookieOf(answer), csrf: meIn(answer).csrf! };
  }

  async restart(): Promise<void> {
    await this.stop();
    this.collector = await startCollector(this.options);
  }

  stop(): Promise<void> {
    return this.collector.stop();
  }
}
