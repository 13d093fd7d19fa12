import { expect, test } from 'vitest';
import { resolveConfig } from '../config.js';
import { routesOf } from './alert-routes.js';

const channels = ['log', 'mail'];

test('kinds, sizes and channels', () => {
  const given = [
    { kinds: ['scan', 'quota'], channels: ['log'] },
    { 'at-least': ['100M bit/s', '1.5k flows/s', '50 targets', '200ms', '30 %'], times: 2, channels: [] },
  ];
  expect(routesOf(given, channels)).toEqual([
    { kinds: ['scan', 'quota'], channels: ['log'] },
    {
      channels: [],
      times: 2,
      atLeast: [
        { size: 100_000_000, unit: 'bit/s' },
        { size: 1500, unit: 'flows/s' },
        { size: 50, unit: 'targets' },
        { size: 200, unit: 'ms' },
        { size: 0.3, unit: 'share' },
      ],
    },
  ]);
});

test.each([
  [{ channels: ['pager'] }, 'alert-routes: there is no channel "pager"; there are log, mail'],
  [{ kinds: ['scans'], channels: [] }, /^alert-routes: there is no kind "scans"; there are anomaly, scan, .*, quota$/],
  [{ 'at-least': ['much'], channels: [] }, /^alert-routes: at-least: "much" is no size; write a number and one of bit/],
  [{ 'at-least': ['1k %'], channels: [] }, /is no size/],
])('%j is refused', (route, message) => {
  expect(() => routesOf([route], channels)).toThrow(message);
});

test('without channels, and keys that nobody knows', () => {
  expect(() => routesOf([{ channels: ['log'] }], [])).toThrow('there is none: name one with "alerts"');
  expect(() => resolveConfig({ 'alert-routes': [{ chanels: [] }] })).toThrow(/alert-routes/);
});
