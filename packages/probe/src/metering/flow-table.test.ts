import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlowTable, flowTableOctets } from './flow-table.js';
import { HAS_COUNTERS, Observation, WORD_FLAGS, WORD_ID, WORD_KIND, WORD_PORTS, WORD_STATE } from './observation.js';
import { counterWords } from './testing/records.js';

function observation(id: number, ports = 0, counters: number[] = []): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_PORTS] = ports;
  o.words[WORD_FLAGS] = HAS_COUNTERS;
  o.counters.set(counterWords(...counters, ...new Array<number>(8 - counters.length).fill(0)));
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

  test('finds all of them as it grows, and again after a restart', () => {
    const memory = new ArrayBuffer(flowTableOctets(5000));
    const flows = table(5000, memory);
    const slots = Array.from({ length: 5000 }, (_, id) => flows.insert(observation(id)));
    for (let id = 0; id < 5000; id += 3) flows.remove(slots[id]);
    for (const each of [flows, table(5000, memory)]) {
      const found = slots.map((_, id) => each.find(observation(id)));
      expect(found).toEqual(slots.map((slot, id) => (id % 3 === 0 ? -1 : slot)));
    }
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

describe('the newest observation', () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  const time = fc.integer({ min: 0, max: 2e12 });
  const fields = fc.record({
    ...{
      family: fc.constantFrom(4, 6),
      translated: fc.boolean(),
      protocol: fc.constantFrom(1, 6, 17),
      flags: fc.nat(127),
    },
    ...{ reason: fc.nat(5), state: fc.nat(14), timeout: fc.nat(432_000), times: fc.tuple(time, word, time) },
    ...{ words: fc.array(word, { minLength: 40, maxLength: 40 }) },
  });

  /** As the parser makes it. */
  function made({ family, translated, protocol, flags, reason, state, timeout, times, words }: Values): Observation {
    const o = new Observation();
    o.words.set(words);
    o.words[WORD_KIND] = (family << 8) | protocol;
    if (family === 4) for (const at of [2, 6, 11, 15]) o.words.fill(0, at + 1, at + 4);
    if (family === 6 && !translated) o.words.set([...o.words.subarray(6, 10), ...o.words.subarray(2, 6)], 11);
    o.words.set([flags, reason, state, timeout], WORD_FLAGS);
    const [start, idle, seen] = times;
    Object.assign(o, { start, lastPacket: seen - idle, seen });
    return o;
  }
  type Values = typeof fields extends fc.Arbitrary<infer Each> ? Each : never;

  test('comes back word by word, also where a slot is used again, and is found by its key', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 6 }), each => {
        const flows = table(2);
        for (const o of each.map(made)) {
          const slot = flows.insert(o);
          expect([...flows.observation(slot).words]).toEqual([...o.words]);
          expect([flows.find(o), flows.start(slot), flows.tcpStates(slot)]).toEqual([
            ...[slot, o.start],
            o.protocol === 6 && o.words[WORD_STATE] !== 0 ? 1 << o.words[WORD_STATE] : 0,
          ]);
          flows.remove(slot);
        }
      }),
    );
  });

  test('of a reply over IPv6 that is translated is known as long as the process lives', () => {
    const memory = new ArrayBuffer(flowTableOctets(8));
    const o = new Observation();
    o.words.set([1, 0x611, 1, 2, 3, 4, 5, 6, 7, 8, 9, 5, 6, 7, 8, 10, 11, 12, 13, 14]);
    const flows = table(8, memory);
    const slot = flows.insert(o);
    expect([...flows.observation(slot).words]).toEqual([...o.words]);
    const after = table(8, memory);
    expect([...after.observation(after.find(o)).words.subarray(11, 20)]).toEqual([5, 6, 7, 8, 1, 2, 3, 4, 14]);
    after.update(slot, o);
    expect([...after.observation(slot).words]).toEqual([...o.words]);
  });
});

test('sweeps without a connection are counted, also when their number passes what a slot holds', () => {
  const flows = table(2);
  const slot = flows.insert(observation(1));
  for (const sweep of [1, 511, 512, 100_000]) {
    flows.setSweep(slot, sweep);
    expect([0, 1, 2, 300].map(later => flows.sweepsWithout(slot, sweep + later))).toEqual([0, 1, 2, 300]);
    expect([flows.isUsed(slot), flows.observation(slot).words[WORD_STATE]]).toEqual([true, 0]);
  }
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
    const delta = new Int32Array(8);
    expect(flows.difference(slot, observation(1, 0, [1, 1, 7, 0, 0, 2, 0, 0]), delta)).toBe(true);
    expect(delta).toEqual(counterWords(2, 0, 2, 0, 0, 2, 0, 0));
  });

  test('a counter that went back is told', () => {
    const flows = table(4);
    const slot = flows.insert(observation(1));
    flows.setExported(slot, observation(1, 0, [0, 1]), 1000);
    expect(flows.difference(slot, observation(1, 0, [0xffffffff, 0]), new Int32Array(8))).toBe(false);
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
    const delta = new Int32Array(8);
    after.difference(slot, observation(1, 0, [14]), delta);
    expect(delta).toEqual(counterWords(4, 0, 0, 0, 0, 0, 0, 0));
    expect(after.find(observation(2))).toBe(-1);
  });

  test('another owner begins anew', () => {
    expect(table(8, memory.slice(0), 2).adopted).toBe(0);
  });
});
