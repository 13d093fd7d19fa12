import { describe, expect, test } from 'vitest';
import type { Group } from '../../tops/tops.js';
import { chosenBy, conditionFor, pairsOf, talksOf } from './network.js';

const group = (fields: Record<string, string | number | null>, octets: number, reverseOctets = 0): Group => ({
  flows: 1,
  octets,
  reverseOctets,
  ...fields,
});

test('hosts talk to hosts, most in both directions first', () => {
  const talks = talksOf('host', [group({ src: 'a', dst: 'b' }, 10), group({ src: 'c', dst: 'd' }, 1, 90)], {});
  expect(talks.map(({ from, to, sent, received }) => [from.host, to.host, sent, received])).toEqual([
    ['c', 'd', 1, 90],
    ['a', 'b', 10, 0],
  ]);
  expect(conditionFor(talks[0]!)).toBe('src host c and dst host d');
  expect(pairsOf(talks)).toEqual([
    { from: '"c"', to: '"d"', octets: 91 },
    { from: '"a"', to: '"b"', octets: 10 },
  ]);
});

test('hosts ask for services', () => {
  const [talk] = talksOf('service', [group({ src: '10.0.0.1', dstport: 443 }, 1)], {});
  expect([talk!.from.host, talk!.to.host, talk!.to.label]).toEqual(['10.0.0.1', undefined, 'HTTPS, QUIC (443)']);
});

test('systems and interfaces have names, and what has none has a filter, too', () => {
  const [systems] = talksOf('as', [group({ srcas: 0, dstas: 64512 }, 1)], { 64512: 'Example' });
  expect([systems!.from.label, systems!.to.label]).toEqual(['not known', 'AS64512 Example']);
  expect(conditionFor(systems!)).toBe('src as 0 and dst as 64512');
  const fields = { inif: 2, inifName: 'lan', outif: null, outifName: null };
  const [interfaces] = talksOf('interface', [group(fields, 1)], {});
  expect([interfaces!.from.label, interfaces!.to.label]).toEqual(['lan', 'none']);
  expect(conditionFor(talksOf('country', [group({ srccountry: null, dstcountry: null }, 1)], {})[0]!)).toBe(
    'not has srccountry and not has dstcountry',
  );
});

describe('what is typed', () => {
  test.each([
    ['10.0.0.0/8', { net: '10.0.0.0/8' }],
    [' 2001:db8::/32 ', { net: '2001:db8::/32' }],
    ['10.0.0.1', { page: 'host', host: '10.0.0.1' }],
    ['fd00::1', { page: 'host', host: 'fd00::1' }],
    ['', { net: '' }],
    ['10.0.0.0/33', undefined],
    ['2001:db8::/129', undefined],
    ['10.0.0/8', undefined],
    ['10..0.1', undefined],
    ['300.0.0.1', undefined],
    ['office', undefined],
  ])('"%s" shows %j', (text, shown) => expect(chosenBy(text)).toEqual(shown));
});
