import { describe, expect, test } from 'vitest';
import { resolveConfig } from '../config.js';

const accountsOf = (...accounts: object[]) => resolveConfig({ accounts }).accounts;

test('an account has what it says, and defaults', () => {
  expect(
    accountsOf({
      ...{
        name: 'office',
        networks: ['10.1.0.0/16', '2001:db8::1'],
        filter: 'not port 123',
        timezone: 'Europe/Berlin',
      },
      ...{ 'first-day': 15, percentile: 98, 'percentile-of': 'sum', quota: '500G', warn: [100, 50], 'close-after': 48 },
    }),
  ).toEqual([
    {
      ...{
        name: 'office',
        timeZone: 'Europe/Berlin',
        firstDay: 15,
        percentile: 98,
        percentileOf: 'sum',
        closeAfter: 48,
      },
      definition: { inside: { kind: 'networks', values: ['10.1.0.0/16', '2001:db8::1'] }, filter: 'not port 123' },
      quota: { octets: 500_000_000_000n, of: 'sum', warn: [50, 100] },
    },
  ]);
  const [voip] = resolveConfig({
    accounts: [{ name: 'voip', filter: 'tag voip' }],
    'local-networks': ['10.0.0.0/8'],
  }).accounts;
  expect(voip).toEqual({
    ...{ name: 'voip', timeZone: 'UTC', firstDay: 1, percentile: 95, percentileOf: 'max', closeAfter: 24 },
    definition: { inside: { kind: 'local', values: ['10.0.0.0/8'] }, filter: 'tag voip' },
    quota: undefined,
  });
});

describe('what is wrong is said', () => {
  test.each([
    [{ name: 'a' }, /"a" has no traffic; give it networks, macs, interfaces or a filter/],
    [{ name: 'a', networks: ['10.0.0.0/8'], macs: ['02:00:5e:10:00:01'] }, /"a" has networks and macs/],
    [{ name: 'a', networks: ['10.0.0'] }, /"a": "10.0.0" is no network; write it as/],
    [{ name: 'a', macs: ['02:00'] }, /"02:00" is no MAC address/],
    [{ name: 'a', interfaces: ['"'] }, /is no interface/],
    [{ name: 'a', filter: 'prot tcp' }, /"a": filter, column 1: /],
    [{ name: 'a', filter: 'tcp', timezone: 'Mars/Olympus' }, /there is no time zone "Mars\/Olympus"/],
    [{ name: 'a', networks: ['10.0.0.0/8'], quota: '1G', warn: [5, 5] }, /warn has a percent twice/],
    [{ name: 'a b', networks: ['10.0.0.0/8'] }, /accounts\/0\/name: must match pattern/],
    [{ name: 'a', networks: ['10.0.0.0/8'], quota: '5 apples' }, /accounts\/0\/quota: must match pattern/],
    [{ name: 'a', network: ['10.0.0.0/8'] }, /accounts\/0\/network: is no key there/],
    [{ name: 'a', networks: [] }, /accounts\/0\/networks: must not have fewer than 1 items/],
  ])('%j', (account, message) => {
    expect(() => accountsOf(account)).toThrow(message);
  });

  test('two of one name, and accounts on servers', () => {
    const office = { name: 'office', networks: ['10.0.0.0/8'] };
    expect(() => accountsOf(office, office)).toThrow(/"office" is the name of two/);
    const store = 'clickhouse:http://127.0.0.1/weir';
    expect(() => resolveConfig({ accounts: [office], store })).toThrow(/accounts: .* on servers/);
  });
});
