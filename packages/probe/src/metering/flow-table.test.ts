import { describe, expect, test } from 'vitest';
import { FlowTable, flowTableOctets } from './flow-table.js';
import { HAS_COUNTERS, Observation, WORD_COUNTERS, WORD_FLAGS, WORD_ID, WORD_PORTS } from './observation.js';

function observation(id: number, ports = 0, counters: number[] = []): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_PORTS] = ports;
  o.words[WORD_FLAGS] = HAS_COUNTERS;
  o.words.set(counters, WORD_COUNTERS);
  return o;
}

function table(capacity: number, memory = new ArrayBuffer(flowTableOctets(capacity)), owner = 1): FlowTable {
  return new FlowTable(memory, capacity, owner);
}

/** Numbers that are the same at every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('as a map', () => {
  test('agrees with a Map over 50,000 random insertions, look-ups and removals, ids colliding', () => {
    const flows = table(500);
    const model = new Map<string, number>();
    const next = random(7);
    for (let i = 0; i < 50_000; i++) {
      const o = observation(Math.floor(next() * 40), Math.floor(next() * 30));
      const key = `${o.words[WORD_ID]} ${o.words[WORD_PORTS]}`;
      const slot = flows.find(o);
      if (slot !== (model.get(key) ?? -1)) expect([key, slot]).toEqual([key, model.get(key) ?? -1]);
      if (slot >= 0) {
        flows.remove(slot);
        model.delete(key);
      } else if (model.size < 500) model.set(key, flows.insert(o));
      else expect(flows.insert(o)).toBe(-1);
    }
    expect(flows.size).toBe(model.size);
  });

  test('is full at its capacity, and has room again after a removal', () => {
    const flows = table(2);
    const first = flows.insert(observation(1));
    flows.insert(observation(2));
    expect(flows.insert(observation(3))).toBe(-1);
    flows.remove(first);
    expect(flows.insert(observation(3))).toBeGreaterThanOrEqual(0);
  });
});

describe('on a disk that is full', () => {
  test('touches no slot that there is no room for, and goes on when there is room', () => {
    let room = 1 << 20;
    const capacity = 20_000;
    const flows = new FlowTable(new ArrayBuffer(flowTableOctets(capacity)), capacity, 1, octets => octets <= room);
    let inserted = 0;
    while (flows.insert(observation(inserted + 1)) >= 0) inserted++;
    expect(flowTableOctets(inserted)).toBeLessThanOrEqual(room);
    expect(flowTableOctets(inserted + 1)).toBeGreaterThan(room);
    room = Number.POSITIVE_INFINITY;
    expect(flows.insert(observation(capacity))).toBe(inserted);
  });

  test('forgets the connections of a former run that there is no room for', () => {
    const memory = new ArrayBuffer(flowTableOctets(8));
    table(8, memory).insert(observation(1));
    const again = new FlowTable(memory, 8, 1, octets => octets <= flowTableOctets(0));
    expect([again.adopted, again.insert(observation(2))]).toEqual([0, -1]);
  });

  test('is refused where there is no room at all', () => {
    expect(() => new FlowTable(new ArrayBuffer(flowTableOctets(8)), 8, 1, () => false)).toThrow(/no room/);
  });
});

describe('differences', () => {
  test('of 64-bit counters, with borrow', () => {
    const flows = table(4);
    const slot = flows.insert(observation(1, 0, [0xffffffff, 0, 5, 0, 0, 0, 0, 0]));
    flows.setExported(slot, observation(1, 0, [0xffffffff, 0, 5, 0, 0, 0, 0, 0]), 1000);
    const delta = new Uint32Array(8);
    expect(flows.difference(slot, observation(1, 0, [1, 1, 7, 0, 0, 2, 0, 0]), delta)).toBe(true);
    expect([...delta]).toEqual([2, 0, 2, 0, 0, 2, 0, 0]);
  });

  test('a counter that went back is told', () => {
    const flows = table(4);
    const slot = flows.insert(observation(1));
    flows.setExported(slot, observation(1, 0, [0, 1]), 1000);
    expect(flows.difference(slot, observation(1, 0, [0xffffffff, 0]), new Uint32Array(8))).toBe(false);
  });
});

describe('memory that outlives its table', () => {
  const memory = new ArrayBuffer(flowTableOctets(8));
  const before = table(8, memory);
  const kept = before.insert(observation(1, 0, [10]));
  before.setExported(kept, observation(1, 0, [10]), 123);
  before.remove(before.insert(observation(2)));

  test('the next table goes on with its connections and what was exported of them', () => {
    const after = table(8, memory);
    expect([after.adopted, after.size]).toEqual([1, 1]);
    const slot = after.find(observation(1));
    expect(after.reported(slot)).toBe(123);
    const delta = new Uint32Array(8);
    after.difference(slot, observation(1, 0, [14]), delta);
    expect(delta[0]).toBe(4);
    expect(after.find(observation(2))).toBe(-1);
  });

  test('another owner begins anew', () => {
    expect(table(8, memory.slice(0), 2).adopted).toBe(0);
  });
});
