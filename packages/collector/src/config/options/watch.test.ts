import { expect, test } from 'vitest';
import { resolveConfig } from '../config.js';

const watched = (watch: string[]) => {
  const { watchedKinds, watchedThings } = resolveConfig({ watch });
  return { watchedKinds, watchedThings };
};

test('kinds by their words, others by name and filter', () => {
  expect(watched(['total', 'link', 'service', 'Web = dst port 443 and octets >= 10'])).toEqual({
    watchedKinds: ['service', 'link'],
    watchedThings: [
      { name: 'total', filter: '' },
      { name: 'Web', filter: 'dst port 443 and octets >= 10' },
    ],
  });
  expect(watched([])).toEqual({ watchedKinds: [], watchedThings: [] });
});

test.each([
  [
    'links',
    /watch: "links" is none of total, exporter, interface, network, host, service, gateway, link; else write NAME=FILTER/,
  ],
  ['=dst port 1', /write NAME=FILTER/],
  ['Web=', /write NAME=FILTER/],
  ['total=dst port 1', /write NAME=FILTER/],
  ['Web=dst prt 443', /watch: the filter of "Web": /],
])('%j is refused', (text, message) => {
  expect(() => watched([text])).toThrow(message);
});
