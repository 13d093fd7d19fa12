import { describe, expect, test } from 'vitest';
import type { Group } from '../../tops/tops.js';
import {
  identityFields,
  identityOf,
  networkAround,
  pairsOf,
  peerRows,
  peersOf,
  protocolRows,
  serviceOf,
} from './host.js';

const group = (fields: Record<string, string | number | null>, octets: number, reverseOctets = 0): Group => ({
  flows: 1,
  octets,
  reverseOctets,
  ...fields,
});

test('who a host is comes from both sides, each fact once', () => {
  expect(identityFields('src')).toEqual(['srcname', 'srcas', 'srccountry', 'srcnetwork']);
  const began = [group({ srcname: 'nas', srcas: 64512, srccountry: 'DE', srcnetwork: null }, 1)];
  const reached = [
    group({ dstname: 'nas', dstas: 0, dstcountry: null, dstnetwork: 'office' }, 1),
    group({ dstname: 'printer', dstas: 64512, dstcountry: null, dstnetwork: 'office' }, 1),
  ];
  expect(identityOf(began, reached)).toEqual({
    names: ['nas', 'printer'],
    systems: [64512],
    countries: ['Germany'],
    networks: ['office'],
  });
  expect(identityOf([], []).names).toEqual([]);
});

test('what peers sent and received is told from the side of the host', () => {
  const peers = peersOf(
    [group({ dst: '10.0.0.2' }, 100, 7), group({ dst: '10.0.0.3' }, 1, 1)],
    [group({ src: '10.0.0.2' }, 30, 5)],
  );
  expect(peers).toEqual([
    { address: '10.0.0.2', sent: 105, received: 37, flows: 2 },
    { address: '10.0.0.3', sent: 1, received: 1, flows: 1 },
  ]);
  expect(peerRows(peers, 1, (sent, received) => `${sent}/${received}`)).toEqual([
    {
      ...{ key: '10.0.0.2', label: '10.0.0.2', host: '10.0.0.2', condition: 'host 10.0.0.2' },
      ...{ octets: 142, flows: 2, detail: '105/37' },
    },
  ]);
});

test('protocols, most traffic in both directions first', () => {
  expect(protocolRows([group({ proto: 17 }, 10), group({ proto: 6 }, 5, 50)])).toMatchObject([
    { label: 'TCP', condition: 'proto 6', octets: 55 },
    { label: 'UDP', condition: 'proto 17', octets: 10 },
  ]);
});

test('a service that a host offers is another than that which it asks for', () => {
  const pairs = pairsOf(
    [group({ dst: 'b', proto: 6, dstport: 443 }, 10, 2)],
    [group({ src: 'b', proto: 6, dstport: 443 }, 20), group({ src: 'c', proto: 1, dstport: null }, 1)],
  );
  expect(pairs.map(({ from, octets }) => [from, octets])).toEqual([
    ['b', 12],
    ['b', 20],
    ['c', 1],
  ]);
  expect(pairs.map(({ to }) => serviceOf(to))).toEqual([
    { name: 'HTTPS (TCP 443)', offered: false },
    { name: 'HTTPS (TCP 443)', offered: true },
    { name: 'ICMP', offered: true },
  ]);
});

describe('the network around a host', () => {
  test.each([
    ['10.1.2.3', '10.1.2.0/24'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['fd77:2::1', 'fd77:2::/64'],
    ['::1', '::/64'],
  ])('%s is %s', (host, network) => expect(networkAround(host)).toBe(network));
});
