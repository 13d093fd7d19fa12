import { beforeEach, describe, expect, test } from 'vitest';
import { T0 } from '../exporting/testing/fakes.js';
import type { KernelMetering } from './kernel-metering.js';
import { FakeDoor } from './testing/kernel-door.js';
import { ACTIVE_TIMEOUT, LOOKED_UP_INTERFACE, Rig } from './testing/kernel-metering.js';

const always = () => true;

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});

function takeAll(metering: KernelMetering): number[] {
  const taken: number[] = [];
  for (let count = metering.receive(); count > 0; count = metering.receive()) taken.push(count);
  return taken;
}

describe('records', () => {
  test('ends and reports go out as they are, are counted, and their memory is given back', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    door.connect(1, 3);
    metering.beginSweep();
    metering.stepSweep(always);
    door.disconnect(2);
    expect(takeAll(metering)).toEqual([1]);
    expect(rig.exported()).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
      [2, 3],
    ]);
    expect(metering.statistics()).toMatchObject({
      observedFlowTotalCount: 1,
      interimReportTotalCount: 3,
      flowTableEntryCount: 3,
      sweepTotalCount: 1,
    });
    expect([door.records.released, door.records.fill, rig.emitted]).toEqual([4, 0, []]);
  });

  test('many are taken by batches', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    for (let number = 1; number <= 600; number++) door.disconnect(number);
    expect(takeAll(metering)).toEqual([256, 256, 88]);
    expect(rig.exported().map(([id]) => id)).toEqual(Array.from({ length: 600 }, (_, i) => i + 1));
  });

  test('a batch with one whose way is not known is read, and that way asked for', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    door.disconnect(1);
    door.disconnect(2, false);
    takeAll(metering);
    expect([rig.emitted, rig.exported()]).toEqual([
      [
        { flowId: 1, ingressInterface: 0 },
        { flowId: 2, ingressInterface: LOOKED_UP_INTERFACE },
      ],
      [],
    ]);
    door.disconnect(3);
    takeAll(metering);
    expect(rig.exported()).toEqual([[3, 3]]);
  });

  test('where something is to be done with them, each is read', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door, { direct: false });
    door.disconnect(1);
    takeAll(metering);
    expect([rig.emitted, rig.exported()]).toEqual([[{ flowId: 1, ingressInterface: 0 }], []]);
  });

  test('what finds no room in the ring, and ends that nobody saw, are lost and counted', () => {
    const door = new FakeDoor(8);
    const metering = rig.meter(door);
    for (let number = 1; number <= 10; number++) door.disconnect(number);
    expect(takeAll(metering)).toEqual([8]);
    expect(metering.statistics()).toMatchObject({
      observedFlowTotalCount: 8,
      lostEventTotalCount: 2 + 3,
      notSentFlowTotalCount: 2 + 3,
      unobservedEndTotalCount: 3,
      flowTableOverflowTotalCount: 1,
      counterResetTotalCount: 4,
    });
  });
});

describe('the sweep', () => {
  test('is spread over 0.8 of the active timeout, and the probe is ready before', () => {
    const door = new FakeDoor();
    door.connect(1, 20_000);
    const metering = rig.meter(door, { entries: 20_000 });
    expect([metering.isReady, metering.adopted]).toEqual([true, 2]);
    metering.beginSweep();
    let reported = 0;
    for (; rig.clock.now <= 8000; rig.clock.now += 100) {
      metering.stepSweep(always);
      takeAll(metering);
      reported += rig.exported().length;
      expect(reported).toBeGreaterThanOrEqual((20_000 * rig.clock.now) / 8000);
      expect(reported).toBeLessThanOrEqual((20_000 * rig.clock.now) / 8000 + 4096);
    }
    expect([reported, metering.isSweeping, metering.statistics().sweepTotalCount]).toEqual([20_000, false, 1]);
  });

  test('waits while there is no room to export', () => {
    const door = new FakeDoor();
    door.connect(1, 10);
    const metering = rig.meter(door);
    metering.beginSweep();
    metering.stepSweep(() => false);
    expect([metering.isSweeping, door.records.fill]).toEqual([true, 0]);
    metering.stepSweep(always);
    expect(metering.isSweeping).toBe(false);
  });

  test('a connection is reported at every pass but the one just after', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    expect(door.reportInterval).toBe(5000);
    metering.setActiveTimeout(60_000);
    expect(door.reportInterval).toBe(30_000);
  });
});

describe('a stop', () => {
  test('reports all that live, also by a small ring that has been full', () => {
    const door = new FakeDoor(124);
    const metering = rig.meter(door);
    for (let number = 1; number <= 124; number++) door.disconnect(number);
    door.connect(1001, 1000);
    let asked = 0;
    metering.takeLastLook(() => asked++);
    const records = rig.exported();
    expect([door.unreported, door.records.lost]).toEqual([0, 0]);
    expect(records.filter(([, reason]) => reason === 3)).toHaveLength(124);
    const forced = records.filter(([, reason]) => reason === 4).map(([id]) => id);
    expect(forced).toEqual(Array.from({ length: 1000 }, (_, i) => 1001 + i));
    // Each batch waits for room to export.
    expect(asked).toBeGreaterThan(1000 / 62);
  });

  test('reports also what a sweep under way has passed already', () => {
    const door = new FakeDoor();
    door.connect(1, 5000);
    const metering = rig.meter(door, { entries: 5000 });
    metering.beginSweep();
    metering.stepSweep(always);
    metering.takeLastLook(always);
    expect(rig.exported().filter(([, reason]) => reason === 4)).toHaveLength(5000);
  });

  test('what ends until the programs know the namespace no more is exported', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    door.connect(1, 1);
    door.whileEnding = () => door.disconnect(1);
    metering.takeLastLook(always);
    expect(rig.exported()).toEqual([
      [1, 4],
      [1, 3],
    ]);
    expect(metering.statistics().observedFlowTotalCount).toBe(1);
    metering.close();
    expect(door.calls).toEqual(['begin', 'end', 'close']);
  });
});

describe('connections older than the probe', () => {
  test('are adopted while a dump shows them, which is made again until it is complete', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door, { dumps: ['broken off', 'refused', 'done'] });
    expect([door.isAdopting, rig.lines.length]).toEqual([false, 1]);
    metering.housekeep();
    expect(metering.statistics().sweepFailureTotalCount).toBe(2);
    metering.housekeep();
    metering.housekeep();
    expect(rig.lines).toEqual([expect.stringMatching(/cannot all be read/), expect.stringMatching(/have been read/)]);
    expect(metering.statistics().sweepFailureTotalCount).toBe(2);
  });

  test('after a stop: what had been exported then is told to the programs, and nothing else', () => {
    const door = new FakeDoor();
    rig.meter(door, { last: { until: T0 - 5000, silence: 0 } });
    expect([door.exportedUntil, rig.lines]).toEqual([T0 - 5000, []]);
    // Killed at once, it leaves that to the next one.
    expect(rig.left).toEqual([{ until: T0 - 5000, silence: ACTIVE_TIMEOUT }]);
  });

  test('after a kill: what is not exported is told of', () => {
    const door = new FakeDoor();
    rig.meter(door, { last: { until: T0 - 5000, silence: 60_000 } });
    expect(door.exportedUntil).toBe(T0 - 5000);
    expect(rig.lines).toEqual([expect.stringMatching(/was killed.*about 60 seconds before its end.*not exported/)]);
  });

  test('before they are reported, the next probe is told that they may have been', () => {
    const door = new FakeDoor();
    const metering = rig.meter(door);
    door.connect(1, 10);
    metering.beginSweep();
    metering.stepSweep(always);
    expect(rig.left.at(-1)!.until).toBeGreaterThan(T0 - ACTIVE_TIMEOUT / 2);
    expect(rig.left.at(-1)!.until).toBeLessThan(T0);
    rig.clock.now = 60_000;
    metering.takeLastLook(() => {
      // Killed in the midst of it, too.
      if (door.records.fill > 0) expect(rig.left.at(-1)).toMatchObject({ silence: ACTIVE_TIMEOUT });
    });
    expect(rig.left.at(-2)!.until).toBeGreaterThan(T0 + 60_000);
    expect(rig.left.at(-1)).toEqual({ until: T0 + 60_000, silence: 0 });
  });
});

test('VLANs of interfaces are told, and taken back when the interface goes', () => {
  const door = new FakeDoor();
  rig.interfaces.vlans = [
    [1, 0],
    [2, 100],
    [3, 200],
  ];
  const metering = rig.meter(door);
  expect([...door.vlans]).toEqual([
    [2, 100],
    [3, 200],
  ]);
  rig.interfaces = {
    generation: 2,
    vlans: [
      [1, 0],
      [3, 0],
    ],
  };
  metering.receive();
  expect([...door.vlans]).toEqual([]);
});
