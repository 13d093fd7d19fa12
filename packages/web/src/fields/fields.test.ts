import { afterEach, describe, expect, test } from 'vitest';
import { speak } from '../i18n/index.js';
import { conditionOf, FIELD_NAMES, found, labelOf, namesIn, tcpFlags, valueText } from './fields.js';

afterEach(() => speak('en'));

test('fields have names for people in both languages', async () => {
  expect(FIELD_NAMES).toContain('srcas');
  expect(labelOf('srcas')).toBe('Source AS');
  expect(labelOf('conntrackLabels')).toBe('conntrackLabels');
  expect(labelOf('constructor')).toBe('constructor');
  await speak('de');
  expect(labelOf('srcas')).toBe('AS der Quelle');
});

test('a field is found by its name and by its label, best first', () => {
  const fields = ['dst', 'srcas', 'src', 'tcpstate'].map(name => ({ name, label: labelOf(name) }));
  expect(found(fields, '').map(({ name }) => name)).toEqual(['dst', 'srcas', 'src', 'tcpstate']);
  expect(found(fields, 'SRC').map(({ name }) => name)).toEqual(['srcas', 'src']);
  expect(found(fields, 'state').map(({ name }) => name)).toEqual(['tcpstate']);
  expect(found(fields, 'destin').map(({ name }) => name)).toEqual(['dst']);
  expect(found(fields, 'nothing')).toEqual([]);
});

test('names in a list are there once, and not too many', () => {
  expect(namesIn('', 3)).toEqual([]);
  expect(namesIn('src,,dst,src,proto,vlan', 3)).toEqual(['src', 'dst', 'proto']);
});

describe('values', () => {
  test.each([
    ['proto', 6, 'TCP'],
    ['proto', 89, 'protocol 89'],
    ['reason', 3, 'closed'],
    ['srcas', 64512, 'AS64512'],
    ['dstas', 0, 'not known'],
    ['dstcountry', 'DE', 'Germany'],
    ['tcpflags', 0x12, 'SYN ACK'],
    ['initiatorrtt', 420, '420 µs'],
    ['responderrtt', '12345', '12.3 ms'],
    ['octets', '18446744073709551615', '18.4 EB'],
    ['srcname', '<b>printer</b>', '<b>printer</b>'],
    ['mark', null, 'none'],
    ['someList', [1, 2], '[1,2]'],
  ])('of %s: %j is %s', (name, value, text) => expect(valueText(name, value, 0)).toBe(text));

  test('that are times are in the zone of the reader', () => {
    const noon = new Date(2026, 4, 12, 12, 0, 0).getTime();
    expect(valueText('start', new Date(noon).toISOString(), noon)).toBe('12:00:00');
    expect(valueText('start', 'never', noon)).toBe('never');
  });
});

test('flags by name, or none', () => {
  expect(tcpFlags(0x1b)).toBe('FIN SYN PSH ACK');
  expect(tcpFlags(0)).toBe('none');
});

describe('a condition', () => {
  test.each([
    ['src', '2001:db8::1', 'src = 2001:db8::1'],
    ['dstport', 443, 'dstport = 443'],
    ['srcname', 'the printer', 'srcname = "the printer"'],
    ['srcname', 'a"b', `srcname = 'a"b'`],
    ['srcname', `a"b'c`, undefined],
    ['vlan', null, 'not has vlan'],
    ['list', [1], undefined],
  ])('for %s = %j is %s', (name, value, condition) => expect(conditionOf(name, value)).toBe(condition));
});
