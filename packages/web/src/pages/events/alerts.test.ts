import { expect, test } from 'vitest';
import type { TrafficEvent } from '../../api/types.js';
import { mutedText, mutesFor, routeText, statesOf } from './alerts.js';

const NOW = Date.UTC(2026, 10, 28, 12);
const HOUR = 3_600_000;
const scan: TrafficEvent = {
  ...{ id: 'x', kind: 'scan', form: 'ports', start: NOW, size: 200, unit: 'ports', causes: [] },
  subject: { name: '192.0.2.7', filter: 'host 192.0.2.7' },
};

test('what can be muted of an event is told from little to much', () => {
  expect(mutesFor(scan)).toEqual([
    { muted: { kind: 'scan', subject: '192.0.2.7' }, text: 'Port scan of 192.0.2.7' },
    { muted: { kind: 'any', subject: '192.0.2.7' }, text: 'whatever happens to 192.0.2.7' },
    { muted: { kind: 'scan' }, text: 'Scan, of whomever' },
  ]);
  const all: TrafficEvent = { ...scan, kind: 'anomaly', subject: { name: '', filter: '' } };
  expect(mutesFor(all).map(({ muted }) => muted)).toEqual([{ kind: 'anomaly' }]);
});

test('what is said of an event: who looks after it, until when nobody is told, who was', () => {
  const quiet = { id: 'x', told: [], mutes: ['a', 'b'] };
  const mutes = [
    { id: 'a', until: NOW + HOUR, by: 'otto' },
    { id: 'b', until: NOW + 2 * HOUR, by: 'otto' },
    { id: 'c' },
  ];
  expect(statesOf(quiet, mutes, NOW).map(({ what }) => what)).toEqual(['muted', 'told']);
  const [ends] = statesOf({ ...quiet, mutes: ['b'] }, mutes, NOW);
  expect(statesOf(quiet, mutes, NOW)[0]).toEqual(ends);
  expect(statesOf({ ...quiet, mutes: ['a', 'c'] }, mutes, NOW)[0]!.text).toBe('muted by the configuration');
  const told = { ...quiet, mutes: [], told: [{ channel: 'hook', at: NOW }] };
  const [mine, where] = statesOf({ ...told, acknowledged: { by: 'otto', at: NOW, comment: 'mine' } }, mutes, NOW);
  expect(mine!.text).toMatch(/^otto looks after it, since \d\d:\d\d:\d\d: mine$/);
  expect(where!.text).toMatch(/^told: hook \d\d:\d\d:\d\d$/);
});

test('what a mute is of', () => {
  expect(
    [{}, { kind: 'flood' as const }, { filter: 'net 192.0.2.0/24' }, { kind: 'scan' as const, subject: 'eth0' }].map(
      each => mutedText({ id: '', ...each }),
    ),
  ).toEqual(['all that happens', 'Flood', 'whatever, net 192.0.2.0/24', 'Scan, eth0']);
});

test('what goes where', () => {
  expect(routeText({ kinds: ['scan', 'flood'], channels: ['log', 'mail'] })).toBe('Scan, Flood → log, mail');
  expect(routeText({ atLeast: [{ size: 50, unit: 'targets' }], times: 2, channels: [] })).toBe(
    'all that happens, from 50 targets beyond what is usual, from 2 times what is usual → nobody',
  );
});
