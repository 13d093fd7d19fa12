import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MeshEvent, Topology } from '../http/types.js';
import { meshWith, nodeOf } from '../store/mesh/testing/meshes.js';
import { openTestStore, type TestStore } from '../store/testing/store.js';
import { Meshes } from './meshes.js';

const START = Date.parse('2026-03-01T20:00:00Z');
const minute = (n: number) => START + n * 60_000;

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 60_000);
afterAll(() => opened.end(), 30_000);

/** One topology, looked at by hand. */
function looking(name: string, log: (line: string) => void = () => {}) {
  const settings = { publicMap: false, mapClients: false };
  const meshes = new Meshes({ settings, history: opened.store.meshHistory, interval: 60, log });
  const status: { -readonly [K in keyof Topology]: Topology[K] } = {
    ...{ name, state: 'fresh', nodes: 0, online: 0, links: 0, gateways: 0, unplaced: 0, leftOut: {} },
    ...{ reads: 0, failures: 0 },
  };
  meshes.attach({ statuses: () => [status] });
  const look = async (at: number, mesh?: Parameters<Meshes['changed']>[1]) => {
    if (mesh !== undefined) meshes.changed(name, mesh, at);
    status.readAt = at;
    await meshes.keep();
  };
  return { meshes, look };
}

const meshOf = (clients: number) => {
  const node = nodeOf('a', { clients, networks: ['10.1.0.0/24', `10.1.0.${clients}`] });
  return { ...meshWith([node, nodeOf('b')]), routes: [{ at: 'a', network: '0.0.0.0/0', via: 'b' }] };
};

test('what is seen is kept, each look once', async () => {
  const { meshes, look } = looking('kept');
  const events: MeshEvent[] = [];
  const forget = meshes.onChange(event => events.push(event));
  const before = opened.store.meshHistory.counters.looks;
  await look(minute(0), meshOf(1));
  await look(minute(1));
  await meshes.keep();
  await look(minute(2), meshOf(2));
  forget();
  await look(minute(3), meshOf(3));
  expect(opened.store.meshHistory.counters.looks - before).toBe(4);
  expect(events).toEqual([
    { topology: 'kept', state: true, at: minute(0) },
    { topology: 'kept', state: true, at: minute(2) },
  ]);
  const clientsAt = async (n: number) => (await meshes.history.stateAt('kept', minute(n)))!.mesh.nodes[0]!.clients;
  expect([await clientsAt(0), await clientsAt(1), await clientsAt(2), await clientsAt(3)]).toEqual([1, 1, 2, 3]);
  const spans = await meshes.history.looks({ from: minute(-60), to: minute(60) });
  expect(spans.get('kept')).toEqual([[minute(0), minute(3) + 150_000]]);
});

test('the mesh of a time: the same object for the same state, whether it is in memory or not', async () => {
  const first = looking('then');
  const states = [meshOf(1), meshOf(2), meshOf(3)];
  for (const [i, mesh] of states.entries()) await first.look(minute(i * 10), mesh);
  for (const [n, expected] of [
    [0, 0],
    [9.9, 0],
    [10, 1],
    [25, 2],
  ] as const)
    expect(await first.meshes.meshAt('then', minute(n))).toBe(states[expected]);

  const { meshes, look } = looking('then');
  await look(minute(60), { ...meshOf(9), routes: [] });
  const then = await meshes.meshAt('then', minute(5));
  // What is not kept is that of now.
  expect(then).toMatchObject({ nodes: [{ id: 'a', clients: 1, networks: ['10.1.0.0/24', '10.1.0.9'] }, { id: 'b' }] });
  expect(await meshes.meshAt('then', minute(9))).toBe(then);
  expect(await meshes.meshAt('then', minute(15))).not.toBe(then);
  // Before all that is known.
  expect(await meshes.meshAt('then', minute(-5))).toBe(meshes.newest('then')!.mesh);
  expect(await looking('never').meshes.meshAt('never', minute(0))).toBeUndefined();
});

test('where the store cannot keep it, that is told once, and tried again', async () => {
  const lines: string[] = [];
  const { meshes, look } = looking('again', line => lines.push(line));
  await look(minute(0), meshOf(1));
  await opened.store.query('ALTER TABLE mesh_history ADD CONSTRAINT never CHECK gone > 9').catch(() => {});
  await look(minute(1), meshOf(2));
  await meshes.keep();
  await opened.store.query('ALTER TABLE mesh_history DROP CONSTRAINT never').catch(() => {});
  await meshes.keep();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^the history of the mesh is not kept now, trying on: /);
  expect((await meshes.history.stateAt('again', minute(1)))!.mesh.nodes[0]!.clients).toBe(2);
});
