import { expect, test } from 'vitest';
import type { Group } from '../../tops/tops.js';
import {
  groupable,
  groupCondition,
  groupedBy,
  groupNames,
  groupTexts,
  groupValues,
  octetsOf,
  shareOf,
  titleOf,
} from './groups.js';

const GROUP: Group = {
  src: '10.0.0.1',
  inif: 2,
  inifName: 'eth0',
  dstport: null,
  flows: 3,
  octets: 300,
  reverseOctets: '100',
  packets: 2,
};

test('a View groups by at most three fields', () => {
  expect(groupedBy('')).toEqual([]);
  expect(groupedBy('src,dst,proto,dstport')).toEqual(['src', 'dst', 'proto']);
  expect(groupable('src')).toBe(true);
  expect(groupable('duration')).toBe(false);
});

test('a group says what it is, an interface by its name', () => {
  expect(groupTexts(GROUP, ['src', 'inif', 'dstport'], 0)).toEqual(['10.0.0.1', 'eth0', 'none']);
  expect(groupTexts({ ...GROUP, inifName: '' }, ['inif'], 0)).toEqual(['2']);
  expect(titleOf(['src', 'dstport'])).toBe('Source × Destination port');
});

test('its filter is for it alone, also where it has no value', () => {
  expect(groupCondition(GROUP, ['src', 'inif'])).toBe('src = 10.0.0.1 and inif = 2');
  expect(groupCondition(GROUP, ['src', 'dstport'])).toBe('src = 10.0.0.1 and not has dstport');
  expect(groupCondition({ ...GROUP, srcname: `a"b'c` }, ['src', 'srcname'])).toBeUndefined();
});

test('both directions count', () => {
  expect(octetsOf(GROUP)).toBe(400);
  expect(shareOf(GROUP, 800)).toBe(0.5);
  expect(shareOf(GROUP, 0)).toBe(0);
});

test('a file of groups says where a group has no value', () => {
  expect(groupValues(GROUP, ['src', 'dstport'], 'csv').slice(0, 3)).toEqual(['10.0.0.1', 'none', 3]);
  expect(groupValues(GROUP, ['src', 'dstport'], 'json').slice(0, 3)).toEqual(['10.0.0.1', null, 3]);
});

test('a file of groups has fields and sums', () => {
  expect(groupNames(['src'])).toEqual(['src', 'flows', 'octets', 'reverseOctets', 'packets', 'reversePackets']);
});
