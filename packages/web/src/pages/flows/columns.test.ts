import { describe, expect, test } from 'vitest';
import type { FlowRow } from '../../api/types.js';
import { asked, columnsOf, listOf, templateOf, USUAL } from './columns.js';

const FLOW: FlowRow = {
  id: 'a',
  exporter: '192.0.2.1',
  observationDomainId: 7,
  start: Date.UTC(2026, 4, 12, 10),
  end: Date.UTC(2026, 4, 12, 10, 0, 5),
  protocol: 6,
  protocolName: 'tcp',
  source: '2001:db8::1',
  sourcePort: 40000,
  destination: '198.51.100.7',
  destinationPort: 443,
  natSource: '203.0.113.5',
  octets: 1234,
  packets: 3,
  reversePackets: 0,
  flowEndReason: 3,
  records: 2,
  columns: { srcas: 64512, inif: 2, inifName: 'eth0', outif: 3 },
};

const texts = (list: string, flow = FLOW) => columnsOf(list).map(column => column.text(flow, FLOW.start));

test('without a choice there are the usual columns', () => {
  expect(columnsOf('').map(({ name }) => name)).toEqual([...USUAL]);
  expect(texts('src,dst,proto,octets,reverseoctets,duration,reason')).toEqual([
    '[2001:db8::1]:40000',
    '198.51.100.7:443',
    'TCP',
    '1.23 kB',
    'no answer',
    '5.0 s',
    'closed',
  ]);
});

test('further columns come from the API, and say so where a flow has nothing', () => {
  const columns = columnsOf('src,srcas,vlan,conntrackLabels');
  expect(asked(columns)).toEqual(['srcas', 'vlan', 'conntrackLabels']);
  expect(texts('srcas,vlan,natsrc,natdst')).toEqual(['AS64512', '–', '203.0.113.5:40000', '–']);
  expect(texts('inif,outif')).toEqual(['eth0', '3']);
  expect(asked(columnsOf(''))).toEqual([]);
});

test('what was not counted is not zero', () => {
  const { octets: _, ...uncounted } = FLOW;
  expect(texts('octets,packets', uncounted)).toEqual(['not counted', '3']);
});

describe('in the address', () => {
  test('the usual columns are nothing, others a list', () => {
    expect(listOf(USUAL)).toBe('');
    expect(listOf(['src', 'srcas'])).toBe('src,srcas');
    expect(columnsOf('src,src,dst').map(({ name }) => name)).toEqual(['src', 'dst']);
    expect(columnsOf(Array.from({ length: 99 }, (_, i) => `f${i}`).join())).toHaveLength(24);
  });
});

test('values are as the collector has them, for files', () => {
  const values = columnsOf('src,dstport,octets,start,srcas').map(column => column.value(FLOW));
  expect(values).toEqual(['2001:db8::1', 443, 1234, '2026-05-12T10:00:00.000Z', 64512]);
});

test('widths add up', () => {
  expect(templateOf(columnsOf('src,octets'))).toEqual({
    template: 'minmax(190px, 3fr) minmax(104px, 1fr)',
    least: 294,
  });
});
