import { expect, test } from 'vitest';
import { NatLog } from './nat-log.js';
import {
  HAS_PORTS,
  HAS_START,
  Observation,
  WORD_DESTINATION,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
} from './observation.js';

const T0 = 1_800_000_000_000;

function connection(id: number, translated: boolean, family = 4): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_KIND] = (family << 8) | 17;
  o.words[WORD_FLAGS] = HAS_PORTS | HAS_START;
  o.words[WORD_SOURCE] = o.words[WORD_REPLY_DESTINATION] = 1;
  o.words[WORD_DESTINATION] = o.words[WORD_REPLY_SOURCE] = 2;
  o.words[WORD_PORTS] = (1000 << 16) | 53;
  o.words[WORD_REPLY_PORTS] = (53 << 16) | (translated ? 2000 : 1000);
  o.start = T0;
  o.seen = T0 + 5000;
  return o;
}

test('a translation is told of at its beginning and at its end, once; other connections are not', () => {
  const told: number[][] = [];
  const log = new NatLog(({ natEvent, flowId, observationTime }) =>
    told.push([natEvent, flowId, observationTime - T0]),
  );
  for (const [id, translated, family] of [
    [1, true, 4],
    [2, false, 4],
    [3, true, 6],
  ] as const) {
    log.observeNew(connection(id, translated, family), T0 + 1);
    log.observeEnd(connection(id, translated, family));
    log.observeEnd(connection(id, translated, family));
  }
  expect(told).toEqual([
    [4, 1, 1],
    [5, 1, 5000],
    [1, 3, 1],
    [2, 3, 5000],
  ]);
  expect(log.counters).toEqual({ created: 2, deleted: 2, repeated: 3 });
});
