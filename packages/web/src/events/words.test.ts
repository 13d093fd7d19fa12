import { afterEach, expect, test } from 'vitest';
import type { TrafficEvent } from '../api/types.js';
import { speak } from '../i18n/index.js';
import { parseView } from '../state/view.js';
import { flowsOf, lengthOf, partiesOf, placeOf, sizeOf, titleOf } from './words.js';

const START = Date.parse('2026-03-01T12:00:00Z');
const event = (more: Partial<TrafficEvent>): TrafficEvent => ({
  ...{ id: 'a', kind: 'scan', subject: { name: '10.0.0.1', filter: 'src host 10.0.0.1' }, start: START },
  ...{ size: 20, unit: 'ports', causes: [] },
  ...more,
});

afterEach(() => speak('en'));

test('an event is told by what it is, and by whom it is done to whom', async () => {
  const scan = event({ form: 'ports', source: '10.0.0.1', target: '10.0.0.2' });
  const flood = event({ kind: 'flood', form: 'syn', target: '10.0.0.2' });
  const sweep = event({ form: 'addresses', source: '10.0.0.1', service: 'tcp/22' });
  expect([scan, flood, sweep, event({ kind: 'anomaly' })].map(titleOf)).toEqual([
    ...['Port scan', 'SYN flood', 'Scan of addresses', 'Unusual amount'],
  ]);
  expect([scan, flood, sweep, event({ kind: 'silent-host', source: '10.0.0.1' })].map(partiesOf)).toEqual([
    ...['10.0.0.1 → 10.0.0.2', 'many → 10.0.0.2', '10.0.0.1 → many tcp/22', '10.0.0.1'],
  ]);
  const less = event({ kind: 'anomaly', measure: 'answered', unit: 'share', size: 0.2, expected: 0.9 });
  const more = { ...less, measure: 'in', size: 9, expected: 3, subject: { name: 'total', filter: '' } } as const;
  expect([less, more].map(titleOf)).toEqual(['Unusually few answers', 'Unusually much incoming traffic']);
  expect([less, more].map(partiesOf)).toEqual(['10.0.0.1', 'all traffic']);
  await speak('de');
  expect([titleOf(scan), titleOf(flood), partiesOf(flood)]).toEqual(['Portscan', 'SYN-Flut', 'viele → 10.0.0.2']);
});

test('its size has its unit', () => {
  const units = ['bit/s', 'flows/s', 'packets/s', 'targets', 'ports', 'ms', 'share'] as const;
  expect(units.map(unit => sizeOf(1, unit))).toEqual([
    ...['1 bit/s', '1 flows/s', '1 packets/s', '1 target', '1 port', '1.0 ms', '100%'].map(text =>
      text === '1.0 ms' ? expect.stringMatching(/^1(\.0+)? ms$/) : text,
    ),
  ]);
  expect(sizeOf(12_345_678, 'bit/s')).toBe('12.3 Mbit/s');
});

test('its time, and its flows with a minute around them', () => {
  expect(lengthOf(event({}), START + 65_000)).toBe('goes on, for 1 min 5 s');
  const ended = event({ end: START + 10_000 });
  expect(lengthOf(ended, START + 65_000)).toBe('lasted 10.0 s');
  expect(parseView(flowsOf(ended, START, 'host 10.0.0.9'))).toMatchObject({
    ...{ page: 'flows', filter: 'src host 10.0.0.1 and host 10.0.0.9' },
    ...{ from: String(START - 60_000), to: String(START + 70_000) },
  });
});

test('what is on a mesh leads to the map as it was then', () => {
  const place = { topology: 'mesh', link: 'a~b', direction: 'forward' } as const;
  const load = event({
    kind: 'anomaly',
    measure: 'load',
    size: 9,
    expected: 3,
    subject: { name: 'A → B', filter: '', place },
  });
  expect([titleOf(load), partiesOf(load)]).toEqual(['Unusually much traffic on a link', 'A → B']);
  expect(parseView(placeOf(load)!)).toMatchObject({ page: 'map', at: String(START), pick: 'mesh|l|a~b' });
  const gateway = event({ subject: { name: 'G', filter: '', place: { topology: 'mesh', node: 'g' } } });
  expect(parseView(placeOf(gateway)!)).toMatchObject({ pick: 'mesh|n|g' });
  expect(placeOf(event({}))).toBeUndefined();
});
