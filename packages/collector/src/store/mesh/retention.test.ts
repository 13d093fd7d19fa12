import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from '../../collecting/testing/exporter.js';
import { openTestStore } from '../testing/store.js';
import { meshWith, nodeOf } from './testing/meshes.js';

const DAY = 86_400_000;

test('days of the history that are too old go, and those that stay are whole', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-mesh-'));
  const before = await openTestStore({ directory });
  const now = Date.now();
  const mesh = meshWith([nodeOf('a', { clients: 7 }), nodeOf('b')]);
  for (const daysAgo of [30, 20, 3, 0])
    await before.store.meshHistory.keep('city', mesh, now - daysAgo * DAY, 150, false);
  expect(await before.store.meshHistory.stateAt('city', now - 20 * DAY)).toBeDefined();
  await before.store.close();

  const { store, end } = await openTestStore({ directory, keepMeshHistory: 10 });
  const stateOf = async (daysAgo: number) => (await store.meshHistory.stateAt('city', now - daysAgo * DAY))?.mesh;
  await until(async () => (await stateOf(20)) === undefined);
  expect(await stateOf(4)).toBeUndefined();
  for (const daysAgo of [3, 1, 0]) expect(await stateOf(daysAgo)).toEqual(mesh);
  await end();
}, 60_000);
