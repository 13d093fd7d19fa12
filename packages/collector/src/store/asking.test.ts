import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../collecting/testing/exporter.js';
import { asking } from './asking.js';
import { openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

const running = async () =>
  Number(
    (
      await opened.store.query<{ n: string }>("SELECT count() AS n FROM system.processes WHERE query LIKE '%endless%'")
    )[0]!.n,
  ) - 1;
// Some hours of work.
const endless = "SELECT sum(cityHash64(number, 'endless')) AS sum FROM numbers(1000000000000)";

test('a query, a list and a file are ended by the signal of who asks; others go on', async () => {
  const { store } = opened;
  const ways: (() => Promise<unknown>)[] = [
    () => store.query(endless),
    () => store.stream(`SELECT number FROM numbers(1000000000000) WHERE cityHash64(number, 'endless') = 1`).next(),
    () => store.download(endless, {}, 'Parquet').next(),
  ];
  for (const ask of ways) {
    const gone = new AbortController();
    const asked = asking.run(gone.signal, ask).catch((error: Error) => error.message);
    while ((await running()) === 0) await new Promise(resolve => setTimeout(resolve, 50));
    gone.abort();
    expect(await asked).toMatch(/cancelled/i);
    // The engine ends it at its next block.
    await until(async () => (await running()) === 0);
  }
  expect(store.status).toMatchObject({ healthy: true, restarts: 0 });
  await expect(asking.run(AbortSignal.abort(), () => store.query('SELECT 1 AS one'))).rejects.toThrow(
    /ended by who asked/,
  );
  expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
}, 60_000);
