import { beforeEach, describe, expect, test } from 'vitest';
import type { FlowRecord } from './flow-record.js';
import { FlowTable, flowTableOctets } from './flow-table.js';
import { Meter } from './meter.js';
import {
  ACTIVE_TIMEOUT,
  END_DETECTED,
  FORCED_END,
  HAS_COUNTERS,
  HAS_HELPER,
  HAS_LABELS,
  HAS_MASTER,
  HAS_START,
  IDLE_TIMEOUT,
  Observation,
  WORD_END_REASON,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_STATE,
  WORD_TIMEOUT,
} from './observation.js';
import type { PathFinder } from './path-finder.js';
import { TcpHistory } from './tcp-history.js';
import { copyOf, counterWords } from './testing/records.js';

const T0 = 1_800_000_000_000;
const TIMEOUT = 10_000;

interface Seen {
  octets?: number;
  reason: number;
  start: number;
  end: number;
  intervalStart: number;
}

let emitted: Seen[];
let meter: Meter;
let table: FlowTable;

beforeEach(() => {
  emitted = [];
  table = new FlowTable(new ArrayBuffer(flowTableOctets(2)), 2, 1);
  meter = new Meter(table, TIMEOUT, keep);
});

function keep(record: FlowRecord): void {
  emitted.push({
    ...(record.hasCounters ? { octets: record.counterWord(1) } : {}),
    reason: record.flowEndReason,
    start: record.start,
    end: record.end,
    intervalStart: record.intervalStart,
  });
}

interface Look {
  id?: number;
  octets?: number | undefined;
  at: number;
  start?: number | undefined;
  reason?: number;
  timeout?: number;
}

function look({ id = 1, octets, at, start = T0, reason = FORCED_END, timeout = 100 }: Look): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_KIND] = (4 << 8) | 6;
  if (octets !== undefined) {
    o.counters.set(counterWords(octets, 0));
    o.words[WORD_FLAGS] |= HAS_COUNTERS;
  }
  if (start > 0) {
    o.start = start;
    o.words[WORD_FLAGS] |= HAS_START;
  }
  o.words[WORD_END_REASON] = reason;
  o.words[WORD_TIMEOUT] = timeout;
  o.seen = o.lastPacket = at;
  return o;
}

function sweep(now: number, ...looks: Look[]): void {
  meter.beginSweep();
  for (const one of looks) meter.observeLive(look(one));
  meter.endSweep(now);
}

describe('a Flow that ends before any report', () => {
  test('is one record with all that was counted', () => {
    meter.observeEnd(look({ octets: 500, at: T0 + 300, reason: IDLE_TIMEOUT }));
    expect(emitted).toEqual([
      { octets: 500, reason: IDLE_TIMEOUT, start: T0, end: T0 + 300, intervalStart: Number.NaN },
    ]);
  });

  test('has no counters where the kernel had none, and no start where it was never seen', () => {
    meter.observeEnd(look({ at: T0, start: 0 }));
    expect(emitted).toEqual([{ reason: FORCED_END, start: Number.NaN, end: T0, intervalStart: Number.NaN }]);
  });
});

describe('a connection that has ended', () => {
  test.each([T0, 0])('is not taken for alive by a dump that was filled before (start %i)', start => {
    meter.beginSweep();
    meter.observeEnd(look({ octets: 500, at: T0 + 20_000, start }));
    meter.observeLive(look({ octets: 500, at: T0 + 19_990, start }));
    meter.endSweep(T0 + 20_000);
    for (let now = T0 + 30_000; now < T0 + 120_000; now += 10_000) sweep(now);
    expect(emitted.map(record => record.octets)).toEqual([500]);
    expect(meter.counters).toMatchObject({ ended: 1, repeated: 1, unobservedEnds: 0 });
  });

  test.each([
    [T0, T0 + 20_500],
    [0, 0],
  ])('may have a successor with its id (starts %i, %i)', (start, successor) => {
    meter.observeEnd(look({ octets: 500, at: T0 + 20_000, start }));
    sweep(T0 + 40_000, { octets: 30, at: T0 + 40_000, start: successor });
    meter.observeEnd(look({ octets: 50, at: T0 + 50_000, start: successor }));
    expect(meter.counters).toMatchObject({ ended: 2, repeated: 0 });
    expect(emitted.reduce((sum, record) => sum + (record.octets ?? 0), 0)).toBe(550);
  });

  test('counts once when the kernel delivers its event again', () => {
    meter.observeEnd(look({ octets: 500, at: T0 + 20_000 }));
    meter.observeEnd(look({ octets: 500, at: T0 + 20_000 }));
    expect(emitted.map(record => record.octets)).toEqual([500]);
  });

  test('is remembered among at least 65,536 others', () => {
    for (let id = 1; id <= 200_000; id++) meter.observeEnd(look({ id, at: T0 + 20_000 }));
    for (let id = 200_000 - 65_536; id <= 200_000; id++) meter.observeLive(look({ id, at: T0 + 19_000 }));
    expect([meter.counters.repeated, table.size]).toEqual([65_537, 0]);
  });

  test('is remembered among fewer where less memory is wanted', () => {
    meter = new Meter(table, TIMEOUT, keep, undefined, undefined, { recentEnds: 64, details: 8 });
    for (let id = 1; id <= 1000; id++) meter.observeEnd(look({ id, at: T0 + 20_000 }));
    for (let id = 1000 - 64; id <= 1000; id++) meter.observeLive(look({ id, at: T0 + 19_000 }));
    expect([meter.counters.repeated, table.size]).toEqual([65, 0]);
    meter.observeLive(look({ id: 1, at: T0 + 19_000 }));
    expect(table.size).toBe(1);
  });
});

describe('interim reports', () => {
  test('carry what is new, and add up to the total with the end', () => {
    sweep(T0 + 3000, { octets: 100, at: T0 + 3000 });
    sweep(T0 + 13_000, { octets: 400, at: T0 + 13_000 });
    sweep(T0 + 23_000, { octets: 900, at: T0 + 23_000 });
    meter.observeEnd(look({ octets: 950, at: T0 + 24_000, reason: END_DETECTED }));
    expect(emitted.map(record => [record.octets, record.reason])).toEqual([
      [400, ACTIVE_TIMEOUT],
      [500, ACTIVE_TIMEOUT],
      [50, END_DETECTED],
    ]);
    expect(emitted.map(record => record.intervalStart)).toEqual([Number.NaN, T0 + 13_000, T0 + 23_000]);
    expect(emitted.every(record => record.start === T0)).toBe(true);
    expect(meter.counters).toMatchObject({ ended: 1, interimReports: 2 });
  });

  test('an idle Flow costs none', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000 });
    sweep(T0 + 20_000, { octets: 100, at: T0 + 20_000 });
    sweep(T0 + 30_000, { octets: 100, at: T0 + 30_000 });
    expect(emitted.length).toBe(1);
  });

  test('after silence the interval begins at the last look, not at the last report', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000 });
    sweep(T0 + 20_000, { octets: 100, at: T0 + 20_000 });
    sweep(T0 + 30_000, { octets: 900, at: T0 + 30_000 });
    expect(emitted.map(record => [record.octets, record.intervalStart])).toEqual([
      [100, Number.NaN],
      [800, T0 + 20_000],
    ]);
  });

  test('go on after the clock was set back', () => {
    sweep(T0 + 3_600_000, { octets: 100, at: T0 + 3_600_000 });
    sweep(T0 + 10_000, { octets: 200, at: T0 + 10_000 });
    sweep(T0 + 20_000, { octets: 300, at: T0 + 20_000 });
    expect(emitted.map(record => record.octets)).toEqual([100, 100, 100]);
  });

  test('counters that something else set to zero are rebased, and told', () => {
    sweep(T0 + 10_000, { octets: 1000, at: T0 + 10_000 });
    sweep(T0 + 20_000, { octets: 30, at: T0 + 20_000 });
    meter.observeEnd(look({ octets: 50, at: T0 + 21_000 }));
    expect(emitted.map(record => record.octets)).toEqual([1000, 30, 20]);
    expect(meter.counters.counterResets).toBe(1);
  });

  test('a full table: no interim reports for what has no room, all of it at its end, and a count', () => {
    const looks = [1, 2, 3].map(id => ({ id, octets: 10, at: T0 + 10_000 }));
    sweep(T0 + 10_000, ...looks);
    meter.observeEnd(look({ id: 3, octets: 70, at: T0 + 11_000 }));
    expect(emitted.map(record => record.octets)).toEqual([10, 10, 70]);
    expect(meter.counters.overflows).toBe(1);
  });
});

describe('an end that no event tells', () => {
  test('is found when two sweeps and 30 seconds have not seen the connection', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000, timeout: 5 });
    sweep(T0 + 20_000);
    sweep(T0 + 30_000);
    expect(emitted.length).toBe(1);
    sweep(T0 + 41_000);
    expect(emitted[1]).toMatchObject({ octets: 0, reason: IDLE_TIMEOUT });
    expect(meter.counters.unobservedEnds).toBe(1);
    expect(table.size).toBe(0);
  });

  test('keeps what was seen and not yet reported', () => {
    sweep(T0 + 1000, { octets: 60, at: T0 + 1000, timeout: 400 });
    for (const second of [11, 21, 32]) sweep(T0 + second * 1000);
    expect(emitted).toMatchObject([{ octets: 60, reason: FORCED_END, end: T0 + 1000 }]);
  });

  test('the same key and id with another start is another Flow', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000 });
    meter.observeEnd(look({ octets: 7, at: T0 + 20_000, start: T0 + 19_000 }));
    expect(emitted.map(record => [record.octets, record.start])).toEqual([
      [100, T0],
      [0, T0],
      [7, T0 + 19_000],
    ]);
  });
});

describe('what else is known of a connection', () => {
  test('labels, helper and master of its life are there at its end, which does not tell them', () => {
    const records: FlowRecord[] = [];
    const metering = new Meter(table, TIMEOUT, record => records.push(copyOf(record)));
    const alive = look({ octets: 100, at: T0 + 1000 });
    alive.words[WORD_FLAGS] |= HAS_LABELS | HAS_HELPER | HAS_MASTER;
    alive.labels[15] = 9;
    alive.helper = 'ftp';
    alive.master.set([6, (40001 << 16) | 21], 8);
    metering.observeLive(alive);
    metering.observeEnd(look({ octets: 100, at: T0 + 2000 }));
    metering.observeEnd(look({ id: 2, octets: 100, at: T0 + 2000 }));
    expect(records[0]).toMatchObject({ helper: 'ftp', hasLabels: true, masterProtocol: 6, masterDestinationPort: 21 });
    expect(records[1]).toMatchObject({ helper: '', hasLabels: false, hasMaster: false });
  });

  test('totals are the kernel counters, and not known after something else set them to zero', () => {
    const totals: (number | undefined)[] = [];
    meter = new Meter(table, TIMEOUT, record =>
      totals.push(record.hasTotals ? counterWords(...record.totals)[0] : undefined),
    );
    sweep(T0 + 10_000, { octets: 1000, at: T0 + 10_000 });
    sweep(T0 + 20_000, { octets: 1500, at: T0 + 20_000 });
    sweep(T0 + 30_000, { octets: 30, at: T0 + 30_000 });
    meter.observeEnd(look({ octets: 50, at: T0 + 31_000 }));
    expect(totals).toEqual([1000, 1500, undefined, undefined]);
  });

  test('its TCP states are those of its looks where no event told them', () => {
    let states = 0;
    meter = new Meter(table, TIMEOUT, record => {
      states = record.tcpStateHistory;
    });
    for (const state of [3, 4, 7]) {
      const o = look({ octets: state, at: T0 + 1000 * state });
      o.words[WORD_STATE] = state;
      if (state === 7) meter.observeEnd(o);
      else meter.observeLive(o);
    }
    expect(states).toBe((1 << 3) | (1 << 4) | (1 << 7));
  });

  test('its start is that of its first event where the kernel does not stamp it', () => {
    meter = new Meter(table, TIMEOUT, keep, undefined, new TcpHistory(64));
    meter.observeNew(look({ at: T0, start: 0 }), T0 + 5);
    meter.observeEnd(look({ octets: 1, at: T0 + 900, start: 0 }));
    expect(emitted).toMatchObject([{ start: T0 + 5, end: T0 + 900 }]);
  });
});

describe('a path', () => {
  /** Tells its number in place of an interface; each new look finds another one, until the route is gone. */
  class CountingPaths implements PathFinder {
    found = 0;
    gone = false;
    find = (): number => (this.gone ? 0 : ++this.found);
    describe(path: number, record: FlowRecord): void {
      record.ingressInterface = path;
    }
  }

  function paths(...tcp: TcpHistory[]) {
    const finder = new CountingPaths();
    const seen: number[] = [];
    meter = new Meter(table, TIMEOUT, record => seen.push(record.ingressInterface), finder, tcp[0]);
    return { finder, seen };
  }

  test('is found at first sight, again at each report, and kept for the end', () => {
    const { finder, seen } = paths();
    sweep(T0 + 1000, { octets: 1, at: T0 + 1000 });
    sweep(T0 + 11_000, { octets: 2, at: T0 + 11_000 });
    meter.observeEnd(look({ octets: 3, at: T0 + 12_000 }));
    expect([seen, finder.found]).toEqual([[2, 2], 2]);
  });

  test('of a link that is gone stays what it was', () => {
    const { finder, seen } = paths();
    sweep(T0 + 1000, { octets: 1, at: T0 + 1000 });
    finder.gone = true;
    sweep(T0 + 11_000, { octets: 2, at: T0 + 11_000 });
    meter.observeEnd(look({ octets: 3, at: T0 + 12_000 }));
    expect(seen).toEqual([1, 1]);
  });

  test('of a short Flow is that of its first event, or found at its end', () => {
    const { finder, seen } = paths(new TcpHistory(64));
    meter.observeNew(look({ at: T0 }), T0);
    finder.found = 10;
    meter.observeEnd(look({ octets: 3, at: T0 + 100 }));
    meter.observeEnd(look({ id: 2, octets: 3, at: T0 + 100 }));
    expect(seen).toEqual([1, 11]);
  });
});

describe('a clock that is set back by hours', () => {
  const HOUR = 3_600_000;

  test('makes no Flow end before it began, and is counted', () => {
    meter.observeEnd(look({ octets: 5, at: T0 - 2 * HOUR }));
    expect(emitted).toMatchObject([{ octets: 5, start: T0 - 2 * HOUR, end: T0 - 2 * HOUR }]);
    expect(meter.counters.clockSteps).toBe(1);
  });

  test('leaves totals right and no end in the future', () => {
    sweep(T0 + 2 * HOUR, { octets: 100, at: T0 + 2 * HOUR });
    sweep(T0 + 10_000, { octets: 250, at: T0 + 10_000 });
    meter.observeEnd(look({ octets: 300, at: T0 + 15_000 }));
    expect(emitted.map(({ octets }) => octets)).toEqual([100, 150, 50]);
    expect(emitted.map(({ end }) => end - T0)).toEqual([2 * HOUR, 10_000, 15_000]);
    for (const { start, end, intervalStart } of emitted) {
      expect(start).toBeLessThanOrEqual(end);
      if (intervalStart > 0) expect(intervalStart).toBeLessThanOrEqual(end);
    }
  });

  test('does not keep a connection that has gone', () => {
    sweep(T0 + 2 * HOUR, { octets: 100, at: T0 + 2 * HOUR, timeout: 5 });
    sweep(T0 + 10_000);
    sweep(T0 + 20_000);
    expect(meter.counters.unobservedEnds).toBe(1);
  });
});

describe('a stop', () => {
  const atStop = (seen: Look): void => {
    meter.beginSweep();
    meter.observeAtStop(look(seen));
  };

  test('reports what is new as forced end, and the next start goes on from there', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000 });
    atStop({ octets: 130, at: T0 + 12_000 });
    meter.observeEnd(look({ octets: 150, at: T0 + 30_000 }));
    expect(emitted.map(record => [record.octets, record.reason])).toEqual([
      [100, ACTIVE_TIMEOUT],
      [30, FORCED_END],
      [20, FORCED_END],
    ]);
  });

  test('ends Flows without anything new, and without counters, too', () => {
    sweep(T0 + 10_000, { octets: 100, at: T0 + 10_000 });
    atStop({ octets: 100, at: T0 + 12_000 });
    atStop({ id: 2, octets: undefined, at: T0 + 12_000 });
    expect(emitted.slice(1)).toMatchObject([{ octets: 0, reason: FORCED_END }, { reason: FORCED_END }]);
    expect(emitted[2]).not.toHaveProperty('octets');
  });
});
