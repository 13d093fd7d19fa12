import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../collecting/testing/exporter.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { Store } from '../client.js';
import { doors, type StorePlace } from '../testing/doors.js';
import { seeded } from '../testing/store.js';
import type { MeshChange } from './reading.js';
import { changed, linkOf, meshWith, nodeOf } from './testing/meshes.js';

const START = Date.parse('2026-03-01T20:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Kept {
  readonly at: number;
  readonly mesh: Mesh;
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** What is to come back: in the order of ids, without details, which have a test of their own. */
function plain(mesh: Mesh | undefined) {
  const nodes = (mesh?.nodes ?? []).map(node => ({ ...node, details: {} })).sort(byId);
  return { nodes, links: [...(mesh?.links ?? [])].sort(byId) };
}

function replayed(mesh: Mesh | undefined, changes: readonly MeshChange[]): Mesh {
  const nodes = new Map(mesh?.nodes.map(node => [node.id, node]));
  const links = new Map(mesh?.links.map(link => [link.id, link]));
  for (const change of changes) {
    for (const id of change.goneNodes) expect(nodes.delete(id)).toBe(true);
    for (const id of change.goneLinks) expect(links.delete(id)).toBe(true);
    for (const node of change.nodes) nodes.set(node.id, node);
    for (const link of change.links) links.set(link.id, link);
  }
  return meshWith([...nodes.values()], [...links.values()]);
}

describe.each(doors)('the history of meshes, $name', door => {
  let place: StorePlace;
  let store: Store;
  beforeAll(async () => {
    place = await door.place();
    store = await place.open();
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await place.end();
  }, 60_000);

  describe.each([1, 2])('a feed that changes, %i,', seed => {
    const random = seeded(seed);
    const topology = `it's \\ ${seed}`;
    const all: Kept[] = [];
    const stateOf = (time: number) => all.filter(({ at }) => at <= time).at(-1)?.mesh;

    test('is kept', async () => {
      let [mesh, at] = [meshWith([]), START];
      // Another one on the same table does not come between.
      await store.meshHistory.keep('other', meshWith([nodeOf("n'1", { clients: 7 })]), START, 90, true);
      for (let i = 0; i < 60; i++) {
        // Sometimes it is as it was, and sometimes it was long not looked at.
        if (random(5) > 0) mesh = changed(mesh, random);
        at += 1000 + random(random(10) === 0 ? 60 * HOUR : 40 * MINUTE);
        at -= at % 1000;
        // What was kept before a restart is known from the table only.
        if (random(20) === 0) {
          await store.close();
          store = await place.open();
        }
        await store.meshHistory.keep(topology, mesh, at + random(1000), 90, true);
        all.push({ at, mesh });
      }
      expect(new Set(all.map(each => new Date(each.at).getUTCDate())).size).toBeGreaterThan(2);
    }, 60_000);

    test('is at every moment what it was', async () => {
      expect(await store.meshHistory.stateAt(topology, all[0]!.at - 1)).toBeUndefined();
      for (const [i, { at }] of all.entries()) {
        const until = all[i + 1]?.at ?? at + HOUR;
        for (const time of [at, at + random(until - at), until - 1]) {
          const state = await store.meshHistory.stateAt(topology, time);
          expect(plain(state?.mesh), new Date(time).toISOString()).toEqual(plain(stateOf(time)));
          expect(state!.at).toBeLessThanOrEqual(at);
        }
      }
    }, 120_000);

    test.each([1, 60, 7200])(
      'plays back exactly by steps of %i s',
      async step => {
        const [first, last] = [all[0]!.at - 1000, all.at(-1)!.at];
        for (let i = 0; i < 8; i++) {
          const from = i === 0 ? first : first + random(last - first);
          const to = i === 0 ? last : from + random(last - from);
          let changes: readonly MeshChange[] = [];
          ({ changes } = await store.meshHistory.changes({ topology, from, to, step }));
          const begin = await store.meshHistory.stateAt(topology, from);
          expect(plain(replayed(begin?.mesh, changes))).toEqual(plain(stateOf(to)));
          for (const [n, { at }] of changes.entries()) {
            const soFar = plain(replayed(begin?.mesh, changes.slice(0, n + 1)));
            expect(soFar).toEqual(plain(stateOf(at)));
            expect(at).toBeLessThanOrEqual(to);
            if (step === 1) expect(all.map(each => each.at)).toContain(at);
          }
        }
      },
      120_000,
    );
  });

  test('details go along with other changes, and with the first state of a day', async () => {
    const keep = (minute: number, uptime: number, clients: number) =>
      store.meshHistory.keep(
        'details',
        meshWith([nodeOf('a', { clients, details: { uptime } })]),
        START + minute * MINUTE,
        90,
        true,
      );
    const uptimeAt = async (minute: number) =>
      (await store.meshHistory.stateAt('details', START + minute * MINUTE))!.mesh.nodes[0]!.details.uptime;
    await keep(0, 1, 5);
    await keep(1, 2, 5);
    expect(await uptimeAt(1)).toBe(1);
    await keep(2, 3, 6);
    // What moves only has moved: details are as they were told.
    expect(await uptimeAt(2)).toBe(1);
    await keep(24 * 60, 4, 6);
    expect(await uptimeAt(24 * 60)).toBe(4);
  });

  test('addresses of clients are kept only where that is asked for', async () => {
    const networks = ['10.1.0.0/24', '10.1.0.9', '10.1.0.8/32', 'fd00::/64', 'fd00::1/128', '02:00:00:00:00:01'];
    const mesh = meshWith([nodeOf('a', { networks })]);
    await store.meshHistory.keep('with', mesh, START, 90, true);
    await store.meshHistory.keep('without', mesh, START, 90, false);
    expect((await store.meshHistory.stateAt('with', START))!.mesh.nodes[0]!.networks).toEqual(networks);
    expect((await store.meshHistory.stateAt('without', START))!.mesh.nodes[0]!.networks).toEqual([
      '10.1.0.0/24',
      'fd00::/64',
    ]);
  });

  test('many changes come page by page', async () => {
    const nodes = Array.from({ length: 8000 }, (_, i) => `n${i}`);
    const kept: Kept[] = [];
    for (let i = 0; i < 7; i++) {
      const mesh = meshWith(nodes.map(id => nodeOf(id, { clients: i })));
      kept.push({ at: START + i * MINUTE, mesh });
      await store.meshHistory.keep('many', mesh, START + i * MINUTE, 90, true);
    }
    let [from, pages] = [START, 0];
    let mesh = (await store.meshHistory.stateAt('many', START))?.mesh;
    for (let more = true; more; pages++) {
      const page = await store.meshHistory.changes({ topology: 'many', from, to: START + HOUR, step: 1 });
      mesh = replayed(mesh, page.changes);
      more = page.more;
      from = page.changes.at(-1)?.at ?? from;
    }
    expect(pages).toBeGreaterThan(1);
    expect(plain(mesh)).toEqual(plain(kept.at(-1)!.mesh));
  }, 60_000);

  test('a link and a node over time; what was not seen, and was not there, is null', async () => {
    const both = (tq: number, clients: number) =>
      meshWith([nodeOf('a', { clients }), nodeOf('b', { online: false })], [linkOf('a', 'b', { quality: tq / 255 })]);
    const at = (minute: number) => START + minute * MINUTE;
    const looks: [number, Mesh][] = [
      [0, both(255, 1)],
      [1, both(254, 1)],
      [2, both(254, 2)],
      [3, meshWith([nodeOf('b', { online: false })])],
      [4, both(100, 3)],
      // Nobody looked.
      [10, both(100, 4)],
    ];
    for (const [minute, mesh] of looks) await store.meshHistory.keep('series', mesh, at(minute), 60, true);
    const asked = { topology: 'series', from: at(-2), to: at(12), step: 60 };
    const link = await store.meshHistory.series({ ...asked, kind: 'link', id: 'a~b' });
    expect(link.times).toEqual(Array.from({ length: 14 }, (_, i) => at(i - 2)));
    const tqs = link.points.map(point => (point === null ? null : Math.round(point.quality! * 255)));
    expect(tqs).toEqual([null, null, 255, 254, 254, null, 100, null, null, null, null, null, 100, null]);
    const node = await store.meshHistory.series({ ...asked, from: at(2), to: at(5), kind: 'node', id: 'a' });
    expect(node.points.map(point => point?.clients ?? null)).toEqual([2, null, 3]);
    const offline = await store.meshHistory.series({ ...asked, from: at(2), to: at(3), kind: 'node', id: 'b' });
    expect(offline.points).toEqual([
      { online: false, clients: undefined, quality: undefined, reverseQuality: undefined },
    ]);
    // Longer steps have what held at their end.
    const longer = await store.meshHistory.series({
      ...asked,
      from: at(0),
      to: at(4),
      kind: 'link',
      id: 'a~b',
      step: 120,
    });
    expect(longer.points.map(point => point?.quality ?? null)).toEqual([254 / 255, null]);

    const spans = (await store.meshHistory.looks({ from: at(-2), to: at(12) })).get('series');
    expect(spans).toEqual([
      [at(0), at(5)],
      [at(10), at(11)],
    ]);
    expect((await store.meshHistory.looks({ from: at(4.5), to: at(10.5) })).get('series')).toEqual([
      [at(4.5), at(5)],
      [at(10), at(10.5)],
    ]);
  });

  test('the engine may be killed at any time', async () => {
    const random = seeded(9);
    let mesh = meshWith([nodeOf('a')]);
    for (let i = 0; i < 12; i++) {
      mesh = changed(mesh, random);
      const at = START + i * MINUTE;
      const kept = store.meshHistory.keep('killed', mesh, at, 90, true).then(
        () => true,
        () => false,
      );
      await new Promise(resolve => setTimeout(resolve, random(12)));
      const { restarts } = store.status;
      await place.killEngine(store);
      // Servers are seen to be away when they are asked.
      if (door.name === 'embedded') await until(() => store.status.restarts > restarts);
      if (!(await kept)) await store.meshHistory.keep('killed', mesh, at + 1000, 90, true);
      expect(plain((await store.meshHistory.stateAt('killed', at + 2000))!.mesh)).toEqual(plain(mesh));
    }
  }, 120_000);
});
