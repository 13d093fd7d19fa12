import { expect, test } from 'vitest';
import type { MeshChanges, MeshLoads, MeshState } from '../../api/types.js';
import { generateLoads, generateMesh } from '../../map/testing/generate.js';
import { Follower, type Sources } from './follower.js';

const state = generateMesh({ nodes: 20, links: 40 });
const MINUTE = 60_000;

/** A history in which node 0 is offline in every odd minute, and what was asked of it. */
class History implements Sources {
  readonly asked: string[] = [];
  gate: Promise<void> = Promise.resolve();

  #at(time: number): MeshState {
    const online = Math.floor(time / MINUTE) % 2 === 0;
    return { ...state, at: time, nodes: state.nodes.map((node, i) => (i === 0 ? { ...node, online } : node)) };
  }
  async state(_topology: string, at: number | undefined): Promise<MeshState> {
    this.asked.push(`state ${at ?? 'now'}`);
    await this.gate;
    return this.#at(at ?? 0);
  }
  async changes(topology: string, { from, to }: { from: number; to: number }): Promise<MeshChanges> {
    this.asked.push(`changes ${from} ${to}`);
    const changes = [];
    // At most five at a time: the rest is asked for.
    for (let time = (Math.floor(from / MINUTE) + 1) * MINUTE; time <= to && changes.length < 5; time += MINUTE) {
      changes.push({ at: time, nodes: [this.#at(time).nodes[0]!], links: [], goneNodes: [], goneLinks: [] });
    }
    return { topology, changes, more: changes.length === 5 && changes[4]!.at < to };
  }
  async loads(_topology: string, { from, to, step }: { from: number; to: number; step: number }): Promise<MeshLoads> {
    this.asked.push(`loads ${from} ${to} ${step}`);
    const times = Array.from({ length: (to - from) / step / 1000 }, (_, i) => from + i * step * 1000);
    return generateLoads(state, times, step);
  }
}

const online = (follower: Follower): boolean | undefined => follower.parts?.nodes[0]?.online;

test('playing shows each time as it was, and asks ahead in few questions', async () => {
  const history = new History();
  const follower = new Follower('test', history, () => {});
  for (let time = 0; time <= 60 * MINUTE; time += 10_000) {
    await follower.goTo(time, 20 * MINUTE);
    expect(online(follower), String(time)).toBe(Math.floor(time / MINUTE) % 2 === 0);
    const { times, step } = follower.loads!;
    expect(times[0]!).toBeLessThanOrEqual(time);
    expect(times.at(-1)! + step * 1000).toBeGreaterThan(time);
  }
  expect(history.asked.filter(question => question.startsWith('state'))).toEqual(['state 0']);
  expect(history.asked.length).toBeLessThan(40);
});

test('going back asks for the state anew', async () => {
  const history = new History();
  const follower = new Follower('test', history, () => {});
  await follower.goTo(10 * MINUTE, 15 * MINUTE);
  await follower.goTo(3 * MINUTE, 15 * MINUTE);
  expect(online(follower)).toBe(false);
  expect(history.asked.filter(question => question.startsWith('state'))).toHaveLength(2);
});

test('an answer that comes too late is thrown away', async () => {
  const history = new History();
  let open = (): void => {};
  history.gate = new Promise(resolve => (open = resolve));
  const follower = new Follower('test', history, () => {});
  const early = follower.goTo(1 * MINUTE, 0);
  const late = follower.goTo(2 * MINUTE, 0);
  open();
  await Promise.all([early, late]);
  expect(online(follower)).toBe(true);
});

test('a collector that cannot answer is a problem until it can', async () => {
  const history = new History();
  let changes = 0;
  const follower = new Follower(
    'test',
    {
      ...history,
      state: () => Promise.reject(new Error('down')),
      changes: history.changes,
      loads: history.loads.bind(history),
    },
    () => changes++,
  );
  await follower.live(0, false);
  expect(follower.problem).toEqual(new Error('down'));
  expect(changes).toBe(1);
});

test.each([
  ['a little later, which what comes reaches', 3, ['state 0']],
  ['much later', 61, ['state 0', `state ${61 * MINUTE}`]],
  ['earlier', -61, ['state 0', `state ${-61 * MINUTE}`]],
])('while an answer is waited for, the reader goes on to a time %s', async (_, minutes, states) => {
  const history = new History();
  let open = (): void => {};
  history.gate = new Promise(resolve => (open = resolve));
  const follower = new Follower('test', history, () => {});
  const first = follower.goTo(0, 15 * MINUTE);
  const second = follower.goTo(minutes * MINUTE, 15 * MINUTE);
  open();
  await Promise.all([first, second]);
  expect(online(follower)).toBe(false);
  expect(history.asked.filter(question => question.startsWith('state'))).toEqual(states);
});
