import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Store } from '../client.js';
import type { ServerSettings } from '../doors/settings.js';
import { TestServer } from '../doors/testing/start.js';

/** A way to the engine that the conformance suite goes. */
export interface DoorKind {
  readonly name: 'embedded' | 'over HTTP';
  /** Makes a place for a store: a directory, and a server where one is needed. */
  place(): Promise<StorePlace>;
}

/** Where a store can be opened again and again. */
export interface StorePlace {
  readonly directory: string;
  readonly server: ServerSettings | undefined;
  /** What onDeath was told. */
  readonly told: string[];
  open(): Promise<Store>;
  /** Ends the engine without an orderly end; the store finds it again. */
  killEngine(store: Store): Promise<void>;
  end(): Promise<void>;
}

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'weir-store-'));
}

const embedded: DoorKind = {
  name: 'embedded',
  async place() {
    const directory = newDirectory();
    const told: string[] = [];
    return {
      directory,
      server: undefined,
      told,
      open: () => Store.open({ directory, onDeath: line => told.push(line) }),
      async killEngine(store) {
        process.kill(store.enginePid!, 'SIGKILL');
      },
      async end() {
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};

/** Settings for a test server. */
export function settingsOf(server: TestServer, more: Partial<ServerSettings> = {}): ServerSettings {
  const urls = [`http://127.0.0.1:${server.port}`];
  return {
    urls,
    database: 'weir',
    user: 'default',
    passwordFile: undefined,
    ca: undefined,
    cluster: undefined,
    ...more,
  };
}

const overHttp: DoorKind = {
  name: 'over HTTP',
  async place() {
    const directory = newDirectory();
    const http = await TestServer.start();
    const server = settingsOf(http);
    const told: string[] = [];
    return {
      directory,
      server,
      told,
      open: () => Store.open({ directory, server, onDeath: line => told.push(line) }),
      async killEngine() {
        await http.kill();
        await http.start();
      },
      async end() {
        await http.end();
        rmSync(directory, { recursive: true, force: true });
      },
    };
  },
};

export const doors: readonly DoorKind[] = [embedded, overHttp];
