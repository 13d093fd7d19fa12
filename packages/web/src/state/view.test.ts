import { describe, expect, test } from 'vitest';
import { askedSpan, hrefOf, lengthOf, parseView, printView, spanOf, timesIn, type View } from './view.js';

const DEFAULT: View = {
  ...{ page: 'overview', from: '-5m', to: '', filter: '', order: 'newest', compare: '' },
  ...{ by: '', host: '', net: '', flow: '', columns: '', probe: '', account: '', month: '', period: '' },
  ...{ at: '', span: '', layers: '', cam: '', base: '', kind: '', pick: '', keep: '', embed: '' },
};

test('a View survives the address', () => {
  const view: View = {
    ...DEFAULT,
    from: '-30d',
    compare: 'week',
    order: 'largest',
    filter: 'src net 10.0.0.0/8 and octets > 1M & "x"',
  };
  expect(parseView(printView(view))).toEqual(view);
  const named: View = {
    ...DEFAULT,
    by: 'src,dstport',
    host: '2001:db8::1',
    net: '10.0.0.0/8',
    flow: '18446744073709551615',
    columns: 'ttl,reverseOctetDeltaCount',
    account: 'roof-12',
    month: '2026-10',
    period: 'month',
  };
  expect(parseView(printView(named))).toEqual(named);
  const zoomed: View = { ...DEFAULT, from: '1800000000000', to: '1800000060000' };
  expect(parseView(printView(zoomed))).toEqual(zoomed);
});

test('a View of the map survives the address', () => {
  const map: View = {
    ...{
      ...DEFAULT,
      page: 'map',
      at: '1800000000000',
      span: '7d',
      layers: 'olsr%20a.dim,b.off',
      cam: '12.34/52.51700/-13.38900',
    },
    ...{ base: 'blank', kind: 'graph', pick: 'olsr a|l|00:11~22:33~2', keep: 'online', embed: '1' },
  };
  expect(parseView(printView(map))).toEqual(map);
  const wrong = '?at=now&span=2y&layers=<b>&cam=x&base=evil&kind=tree&pick=a&keep=all&embed=yes';
  expect(parseView(wrong)).toEqual(DEFAULT);
});

test('the default View has no query, and nonsense is the default View', () => {
  expect(printView(DEFAULT)).toBe('');
  expect(hrefOf({})).toBe('./');
  expect(hrefOf({ from: '-1h' })).toBe('?from=-1h');
  expect(parseView('?page=nowhere&from=yesterday&to=x&order=<b>&compare=year&range=7&tab=<b>&other=1')).toEqual(
    DEFAULT,
  );
});

test('what cannot be a name, an address, a network or a number of a Flow is left out', () => {
  expect(parseView('?by=a b&host=<b>&net=10.0.0.0&flow=1%202&columns=a;b')).toEqual(DEFAULT);
});

test('a link takes the times along', () => {
  expect(hrefOf({ host: '10.0.0.1', ...timesIn(parseView('?from=-1h&filter=nat')) })).toBe('?from=-1h&host=10.0.0.1');
});

test('links of earlier versions lead where they did', () => {
  expect(parseView('?range=60&tab=largest&filter=nat')).toEqual({
    ...DEFAULT,
    from: '-60m',
    order: 'largest',
    filter: 'nat',
  });
  expect(parseView('?range=15').from).toBe('-15m');
  expect(parseView('?range=5')).toEqual(DEFAULT);
});

test('a token in the address is not carried on', () => {
  expect(printView(parseView('?token=secret&range=15'))).toBe('?from=-15m');
});

describe('times', () => {
  test.each([
    ['the wrong way round', '?from=1800000060000&to=1800000000000'],
    ['shorter than a plot can be', '?from=1800000000000&to=1800000001000'],
    ['without an end', '?from=1800000000000'],
    ['of a length and an end', '?from=-5m&to=1800000000000'],
    ['longer than ten years', '?from=-999999999w'],
    ['of no length', '?from=-0s'],
  ])('%s are the default', (_name, query) => expect(parseView(query)).toEqual(DEFAULT));

  test('a View without an end follows now', () => {
    expect(spanOf({ ...DEFAULT, from: '-2h' }, 10_000_000)).toEqual({ from: 2_800_000, to: 10_000_000, live: true });
    expect(spanOf({ ...DEFAULT, from: '1000', to: '9000' }, 10_000_000)).toEqual({ from: 1000, to: 9000, live: false });
  });

  test('what is asked for has whole milliseconds, and an end only where the view has one', () => {
    expect(askedSpan({ ...DEFAULT, from: '-1h', filter: 'nat' }, 3_700_000.6)).toEqual({
      from: 100_000,
      filter: 'nat',
    });
    expect(askedSpan({ ...DEFAULT, from: '1000', to: '9000' }, 0)).toEqual({ from: 1000, to: 9000, filter: '' });
  });

  test('lengths are those of the API', () => {
    expect(lengthOf('-90s')).toBe(90_000);
    expect(lengthOf('-7d')).toBe(604_800_000);
    expect(lengthOf('-1w')).toBe(604_800_000);
    expect(lengthOf('7d')).toBeUndefined();
  });
});
