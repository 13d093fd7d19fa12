import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../analysis/detect/thresholds.js';
import type { EventChange } from '../../analysis/events/event.js';
import { eventChangeSchema, eventsSchema } from '../../http/answers/events.js';
import type { Store } from '../../store/client.js';
import { doors, type StorePlace } from '../../store/testing/doors.js';
import { insertRecords } from '../../store/testing/store.js';
import { Events } from './events.js';
import { noMeshes } from './testing/meshes.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-events-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Flows that began a moment ago and got no answer. */
function unanswered(count: number, ends: (i: number) => [source: string, target: string, port: number]) {
  const now = Date.now();
  return Array.from({ length: count }, (_, i) => {
    const [source, target, port] = ends(i);
    return {
      ...{ sourceIPv4Address: source, destinationIPv4Address: target, destinationTransportPort: port },
      ...{ sourceTransportPort: 40_000 + (i % 20_000), protocolIdentifier: 6, flowId: i },
      ...{ octetDeltaCount: 60, packetDeltaCount: 1, reverseOctetDeltaCount: 0, reversePacketDeltaCount: 0 },
      ...{ flowStartMilliseconds: new Date(now - 500).toISOString(), flowEndMilliseconds: new Date(now).toISOString() },
    };
  });
}

for (const door of doors) {
  describe(`events of a collector, ${door.name}`, () => {
    let place: StorePlace;
    beforeAll(async () => {
      place = await door.place();
    }, 60_000);
    afterAll(() => place.end());

    const watch = async (store: Store) => {
      const settings = {
        ...{ directory, localNetworks: [], detect: true, detectIgnore: [], thresholds: defaultThresholds },
        ...{ watchedKinds: [], watchedThings: [], watchDelay: 0 },
      };
      const events = await Events.open({ store, settings, meshes: noMeshes, log: line => expect.fail(line) });
      const changes: EventChange[] = [];
      events.onChange(change => changes.push(change));
      events.start();
      return { events, changes };
    };

    test('a scan and a flood are found, once each, kept, and go on after a restart', async () => {
      const store = await place.open();
      const { events, changes } = await watch(store);
      await insertRecords(
        store,
        unanswered(30, i => ['10.0.0.1', '10.0.0.2', 1 + i]),
      );
      await insertRecords(
        store,
        unanswered(3000, i => [`10.1.${i >> 8}.${i & 255}`, '10.0.0.3', 80]),
      );
      await expect.poll(() => changes.length, { timeout: 10_000 }).toBe(2);
      await insertRecords(
        store,
        unanswered(30, i => ['10.0.0.1', '10.0.0.2', 1 + i]),
      );
      await expect.poll(() => events.counters.looks, { timeout: 10_000 }).toBeGreaterThan(2);
      const found = await events.list({ from: Date.now() - 60_000, to: Date.now() + 60_000, limit: 10 });
      expect([...Value.Errors(eventsSchema, { events: found, since: events.since })]).toEqual([]);
      for (const change of changes) expect([...Value.Errors(eventChangeSchema, change)]).toEqual([]);
      expect(found.map(({ kind, form, source, target }) => [kind, form, source, target]).sort()).toEqual([
        ['flood', 'syn', undefined, '10.0.0.3'],
        ['scan', 'ports', '10.0.0.1', '10.0.0.2'],
      ]);
      expect(found.find(({ kind }) => kind === 'flood')?.causes).toEqual([
        { name: 'tcp/80', filter: 'proto tcp and port 80', share: 1 },
      ]);
      expect(changes.map(({ what }) => what)).toEqual(['begun', 'begun']);
      expect([events.open, events.counters.begun, events.counters.missedLooks]).toEqual([2, 2, 0]);
      await events.close();
      await store.close();

      const again = await place.open();
      const after = await watch(again);
      expect(after.events.open).toBe(2);
      await insertRecords(
        again,
        unanswered(30, i => ['10.0.0.1', '10.0.0.2', 1 + i]),
      );
      await expect.poll(() => after.events.counters.looks, { timeout: 10_000 }).toBeGreaterThan(1);
      expect(after.changes).toEqual([]);
      expect(await after.events.list({ from: 0, to: Date.now() + 60_000, limit: 10 })).toHaveLength(2);
      await after.events.close();
      await again.close();
    }, 60_000);
  });
}
