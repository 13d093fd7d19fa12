import { expect, test } from 'vitest';
import { MOST_MUTES, Mutes, parseMute } from './mutes.js';
import { BEGIN, scanOf } from './testing/events.js';

test('mutes of the configuration', () => {
  expect(parseMute('scan=net 192.0.2.0/24 until 2027-01-31T18:00:00+01:00')).toEqual({
    ...{ kind: 'scan', filter: 'net 192.0.2.0/24', until: Date.UTC(2027, 0, 31, 17) },
  });
  expect(parseMute('any="eth0 of 10.0.0.1"')).toEqual({ subject: 'eth0 of 10.0.0.1' });
  expect(parseMute('flood=')).toEqual({ kind: 'flood' });
  expect(parseMute('any= until 2027-01-31T18:00:00Z')).toEqual({ until: Date.UTC(2027, 0, 31, 18) });
});

test.each([
  ['net 192.0.2.0/24', /is no mute: write KIND=FILTER/],
  ['scans=', /kinds are any, anomaly, scan/],
  ['scan=net 192.0.2.0/33', /alert-mute: .*192\.0\.2\.0\/33/],
  ['scan= until tomorrow', /"tomorrow" is no time: write 2027/],
  ['scan= until 2027-01-31T18:00:00', /is no time/],
])('%s is refused', (text, message) => {
  expect(() => parseMute(text)).toThrow(message);
});

test('a mute is of a kind, a subject or a filter, until its time', () => {
  const event = scanOf('192.0.2.7');
  const mutes = (pattern: object, now = BEGIN) => new Mutes([pattern], []).mutes(event, now);
  expect(mutes({ kind: 'scan' })).toBe(true);
  expect(mutes({ kind: 'flood' })).toBe(false);
  expect(mutes({ subject: '192.0.2.7' })).toBe(true);
  expect(mutes({ subject: '192.0.2.77' })).toBe(false);
  expect(mutes({ filter: 'net 192.0.2.0/24' })).toBe(true);
  expect(mutes({ filter: 'net 192.0.2.0/24', kind: 'flood' })).toBe(false);
  expect(mutes({ filter: 'net 198.51.100.0/24' })).toBe(false);
  expect(mutes({ kind: 'scan', until: BEGIN + 1 })).toBe(true);
  expect(mutes({ kind: 'scan', until: BEGIN })).toBe(false);
  expect(mutes({})).toBe(true);
});

test('a filter mutes neither all traffic nor what it cannot read', () => {
  const mutes = new Mutes([{ filter: 'net 192.0.2.0/24' }], []);
  for (const filter of ['', 'net 192.0.2.0/99'])
    expect(mutes.mutes(scanOf('x', { subject: { name: 'x', filter } }), BEGIN)).toBe(false);
});

test('added ones end by their time or by hand, those of the configuration do not, and there is an end to them', () => {
  const mutes = new Mutes([{ kind: 'flood' }], []);
  const { id } = mutes.add({ kind: 'scan', until: BEGIN + 10, by: 'otto' }, BEGIN);
  expect(mutes.list(BEGIN)).toMatchObject([{ id: 'configured-1' }, { id, by: 'otto' }]);
  expect(mutes.remove('configured-1')).toBe(false);
  expect(mutes.remove(id)).toBe(true);
  expect(() => mutes.add({ filter: 'host', until: BEGIN + 1, by: 'otto' }, BEGIN)).toThrow(/filter: /);
  for (let i = 0; i < MOST_MUTES; i++) mutes.add({ kind: 'scan', until: BEGIN + 10, by: 'otto' }, BEGIN);
  expect(() => mutes.add({ kind: 'scan', until: BEGIN + 10, by: 'otto' }, BEGIN)).toThrow(/1000 mutes hold/);
  mutes.add({ kind: 'scan', until: BEGIN + 20, by: 'otto' }, BEGIN + 10);
  expect(mutes.added(BEGIN + 10)).toHaveLength(1);
});
