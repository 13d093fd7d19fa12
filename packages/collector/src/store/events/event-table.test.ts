import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TrafficEvent } from '../../analysis/events/event.js';
import { doors, type StorePlace } from '../testing/doors.js';

const NOON = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;

const event = (id: string, more: Partial<TrafficEvent> = {}): TrafficEvent => ({
  ...{ id, kind: 'flood', subject: { name: "t'\\", filter: 'dst host t' }, start: NOON, size: 100.5, unit: 'flows/s' },
  ...{ causes: [{ name: 's', filter: 'host s', share: 0.5 }] },
  ...more,
});
const state = (key: string) => ({ key, seen: NOON + 5000, patience: 60_000, told: 100 });

for (const door of doors) {
  describe(`events, ${door.name}`, () => {
    let place: StorePlace;
    beforeEach(async () => {
      place = await door.place();
    }, 60_000);
    afterEach(() => place.end());

    test('what has become of each is kept, and what goes on can go on after a restart', async () => {
      const store = await place.open();
      const asked = { from: NOON - HOUR, to: NOON + HOUR, limit: 100 };
      await store.events.keep([
        { event: event('a'), open: state('flood a') },
        { event: event('b', { kind: 'scan' }), open: state('scan b') },
      ]);
      await store.events.keep([{ event: event('a', { size: 400 }), open: state('flood a') }]);
      await store.events.keep([{ event: event('b', { kind: 'scan', end: NOON + 9000 }), open: undefined }]);
      await store.close();
      const again = await place.open();
      expect(await again.events.open()).toEqual([{ event: event('a', { size: 400 }), ...state('flood a') }]);
      expect(await again.events.list(asked)).toEqual([
        event('a', { size: 400 }),
        event('b', { kind: 'scan', end: NOON + 9000 }),
      ]);
      expect(await again.events.list({ ...asked, kind: 'scan' })).toMatchObject([{ id: 'b' }]);
      expect(await again.events.list({ ...asked, limit: 1 })).toMatchObject([{ id: 'a' }]);
      await again.close();
    });

    test('an event is of an interval while it went on', async () => {
      const store = await place.open();
      await store.events.keep([
        { event: event('ended', { end: NOON + HOUR }), open: undefined },
        { event: event('goes-on'), open: state('flood t') },
      ]);
      const ids = async (from: number, to: number) =>
        (await store.events.list({ from, to, limit: 9 })).map(({ id }) => id).sort();
      expect(await ids(NOON - HOUR, NOON)).toEqual([]);
      expect(await ids(NOON - HOUR, NOON + 1)).toEqual(['ended', 'goes-on']);
      expect(await ids(NOON + HOUR, NOON + 2 * HOUR)).toEqual(['ended', 'goes-on']);
      expect(await ids(NOON + HOUR + 1, NOON + 2 * HOUR)).toEqual(['goes-on']);
      await store.close();
    });
  });
}
