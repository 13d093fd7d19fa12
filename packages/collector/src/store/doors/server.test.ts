import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { toNative } from '../../flow/native.js';
import { batchOf } from '../../flow/testing/records.js';
import { Store } from '../client.js';
import { settingsOf } from '../testing/doors.js';
import type { ServerSettings } from './settings.js';
import { type Fault, TestServer } from './testing/start.js';

let server: TestServer;
let directory: string;
beforeAll(async () => {
  server = await TestServer.start();
}, 60_000);
afterAll(() => server.end());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-server-door-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function opened(told: string[] = [], at = directory): Promise<Store> {
  return await Store.open({ directory: at, server: settingsOf(server), onDeath: line => told.push(line) });
}

const ROWS = 20_000;
const exportTime = Date.parse('2026-03-01T00:00:10Z') / 1000;
/** Records of three days, so a block is three parts. */
const batch = batchOf(
  Array.from({ length: ROWS }, (_, i) => ({
    flowId: i,
    flowEndMilliseconds: new Date(exportTime * 1000 - (i % 3) * 86_400_000).toISOString(),
  })),
  { exportTime },
);

function blockOf(domain: number): Uint8Array {
  new Uint32Array(batch.column('observationDomainId').data.buffer).fill(domain);
  return toNative(batch);
}

/** Domains, their rows and distinct records. */
async function stored(store: Store) {
  return await store.query(
    'SELECT observationDomainId AS domain, count() AS n, uniqExact(flowId) AS ids FROM flows GROUP BY domain ORDER BY domain',
  );
}

const once = (...domains: number[]) => domains.map(domain => ({ domain, n: String(ROWS), ids: String(ROWS) }));

test.each<Fault>(['break in body', 'break before answer', 'break and go on', 'bad gateway'])(
  '%s: what was sent is there once',
  async fault => {
    const told: string[] = [];
    const store = await opened(told);
    await store.query('TRUNCATE TABLE flows');
    for (const domain of [1, 2, 3]) {
      if (domain === 2) await server.fault(fault);
      await store.insert(blockOf(domain), ROWS);
    }
    expect(await stored(store)).toEqual(once(1, 2, 3));
    expect(told.slice(0, 2)).toEqual([
      expect.stringMatching(/does not answer/),
      expect.stringMatching(/answers again/),
    ]);
    // The second attempt came while the first went on: the server refused it until that was done.
    const refused = fault === 'break and go on' ? [expect.stringMatching(/trying on: Code: 216/)] : [];
    expect(told.slice(2)).toEqual(refused);
    expect(store.status).toEqual({ healthy: true, restarts: 1, pendingBatches: 0 });
    expect(readdirSync(join(directory, 'spool'))).toEqual([]);
    await store.close();
  },
);

test('a server that is away for a while: blocks wait in the spool, questions are told so, nothing is lost', async () => {
  const told: string[] = [];
  const store = await opened(told);
  await store.query('TRUNCATE TABLE flows');
  await store.insert(blockOf(1), ROWS);
  await server.kill();
  const inserts = [2, 3, 4].map(domain => store.insert(blockOf(domain), ROWS));
  await expect(store.query('SELECT 1')).rejects.toThrow(/does not answer/);
  expect(store.status).toEqual({ healthy: false, restarts: 0, pendingBatches: 3 });
  expect(readdirSync(join(directory, 'spool')).length).toBe(3);
  await server.start();
  await Promise.all(inserts);
  expect(await stored(store)).toEqual(once(1, 2, 3, 4));
  expect(store.status).toEqual({ healthy: true, restarts: 1, pendingBatches: 0 });
  await store.close();
}, 60_000);

test('a collector that is stopped while the server is away keeps its blocks for the next start', async () => {
  const store = await opened();
  await store.query('TRUNCATE TABLE flows');
  await server.kill();
  const insert = store.insert(blockOf(7), ROWS);
  await expect(store.query('SELECT 1')).rejects.toThrow(/does not answer/);
  await Promise.all([expect(insert).rejects.toThrow(/stays in the spool/), store.close()]);
  await expect(opened()).rejects.toThrow(
    /^cannot use the store at http:\/\/127.0.0.1:\d+, database weir: .*ECONNREFUSED/,
  );
  await server.start();
  const next = await opened();
  expect(await stored(next)).toEqual(once(7));
  await next.close();
}, 60_000);

test('collectors side by side have numbers of their own, which they keep', async () => {
  const directories = Array.from({ length: 4 }, (_, i) => join(directory, String(i)));
  const first = await Promise.all(directories.map(each => opened([], each)));
  await first[0]!.query('TRUNCATE TABLE flows');
  const numbers = () => directories.map(each => JSON.parse(readFileSync(join(each, 'collector.json'), 'utf8')).number);
  const before = numbers();
  expect(new Set(before).size).toBe(directories.length);
  const domains = [1, 2, 3, 4, 5, 6, 7, 8];
  await Promise.all(domains.map(domain => first[domain % first.length]!.insert(blockOf(domain), ROWS)));
  expect(await stored(first[0]!)).toEqual(once(...domains));
  const used = await first[0]!.query<{ collector: string; batches: string }>(
    'SELECT bitAnd(bitShiftRight(batch, 12), 1023) AS collector, uniqExact(batch) AS batches FROM flows GROUP BY collector ORDER BY collector',
  );
  const sorted = [...before].sort((a, b) => a - b);
  expect(used.map(({ collector, batches }) => [Number(collector), batches])).toEqual(sorted.map(n => [n, '2']));
  await Promise.all(first.map(store => store.close()));
  const second = await Promise.all(directories.map(each => opened([], each)));
  expect(numbers()).toEqual(before);
  await Promise.all(second.map(store => store.close()));
}, 60_000);

test('an answer that fails when it has begun is an error, not an end', async () => {
  const store = await opened();
  const rows = store.stream<{ n: string }>(
    'SELECT number AS n, throwIf(number = 300000) AS thrown FROM numbers(400000)',
  );
  let last = -1;
  const read = async () => {
    for await (const { n } of rows) last = Number(n);
  };
  await expect(read()).rejects.toThrow(/^Code: 395\. /);
  expect(last).toBeGreaterThan(0);
  expect(store.status.healthy).toBe(true);
  await store.close();
});

test('what is asked only needs no directory, and takes no records', async () => {
  const collector = await opened();
  const reader = await Store.ofServers(settingsOf(server));
  expect(await reader.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await expect(reader.insert(blockOf(1), ROWS)).rejects.toThrow(/closed/);
  await reader.close();
  await collector.close();
});

describe('tables that are there', () => {
  let writer: Store;
  beforeEach(async () => {
    writer = await opened([], join(directory, 'writer'));
  });
  afterEach(async () => {
    await writer.query('DROP TABLE IF EXISTS migration SYNC');
    await writer.query('DROP TABLE flows SYNC');
    await writer.close();
  });

  test('of a later Weir are left alone', async () => {
    await writer.query("ALTER TABLE flows MODIFY COMMENT 'layout 999'");
    await expect(opened()).rejects.toThrow(/they are of layout 999, this Weir knows up to \d+; use/);
  });

  test('of somebody else are left alone', async () => {
    await writer.query("ALTER TABLE flows MODIFY COMMENT 'mine'");
    await expect(opened()).rejects.toThrow(/there is a table "flows" that Weir did not make/);
  });

  test('that lack a column get it', async () => {
    await writer.query('ALTER TABLE flows DROP COLUMN vlan');
    const next = await opened();
    expect(await next.query("SELECT name FROM system.columns WHERE table = 'flows' AND name = 'vlan'")).toHaveLength(1);
    await next.close();
  });

  test('of layout 1 are brought to this one by one collector alone', async () => {
    await writer.query('DROP TABLE flows SYNC');
    await writer.query(readFileSync(new URL('../schema/testing/flows-v1.sql', import.meta.url), 'utf8'));
    await writer.query(
      `INSERT INTO flows (receivedAt, octets, other) VALUES (now(), 5, map('samplingInterval', '100'))`,
    );
    await writer.query("ALTER TABLE flows MODIFY COMMENT 'layout 1'");
    await writer.query(
      "CREATE TABLE migration (since DateTime) ENGINE = MergeTree ORDER BY since COMMENT 'elsewhere:/data'",
    );
    await expect(opened()).rejects.toThrow(
      /elsewhere:\/data is bringing them to a later layout; start this collector when/,
    );
    await writer.query('DROP TABLE migration SYNC');
    const next = await opened();
    expect(await next.query('SELECT octets, samplingInterval AS sampling FROM flows')).toEqual([
      { octets: '5', sampling: 100 },
    ]);
    expect(await next.query("SELECT name FROM system.tables WHERE name IN ('migration', 'flows_next')")).toEqual([]);
    await next.close();
  });
});

describe.skipIf(!haveOpenssl)('who is asked and who asks', () => {
  let guarded: TestServer;
  let authority: TestAuthority;
  let certificates: string;
  beforeAll(async () => {
    certificates = mkdtempSync(join(tmpdir(), 'weir-certificates-'));
    authority = new TestAuthority(certificates, 'authority');
    guarded = await TestServer.start({ user: 'weir', password: 'secret é', tls: authority.issue('server') });
  }, 60_000);
  afterAll(async () => {
    await guarded.end();
    rmSync(certificates, { recursive: true, force: true });
  });

  const asked = (more: Partial<ServerSettings>) =>
    Store.ofServers({
      ...settingsOf(guarded),
      urls: [`https://localhost:${guarded.port}`],
      ca: authority.cert,
      ...more,
    });

  test("a password by file, over TLS with an authority of one's own", async () => {
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, 'secret é\n');
    const store = await asked({ user: 'weir', passwordFile });
    expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  test('a password of the environment', async () => {
    process.env.WEIR_STORE_PASSWORD = 'secret é';
    const store = await asked({ user: 'weir' }).finally(() => delete process.env.WEIR_STORE_PASSWORD);
    expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await store.close();
  });

  test('a wrong one, and none', async () => {
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, 'wrong');
    await expect(asked({ user: 'weir', passwordFile })).rejects.toThrow(/Code: 516.*; see the user in the address/);
    await expect(asked({ user: 'weir' })).rejects.toThrow(/Code: 516/);
    await expect(asked({ passwordFile: join(directory, 'no') })).rejects.toThrow(
      /cannot read the password of the store: ENOENT/,
    );
  });

  test('a certificate of nobody known', async () => {
    await expect(asked({ ca: undefined })).rejects.toThrow(/certificate/);
  });
});
