import { describe, expect, test } from 'vitest';
import { csvLines } from './csv.js';
import { flatten, type PrintedRecord, portText, recordColumns } from './records.js';
import { tableLines } from './table.js';
import { formatCount, formatDuration, printable } from './units.js';

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const got: string[] = [];
  for await (const line of lines) got.push(line);
  return got;
}

test.each([
  [0, '0'],
  [999, '999'],
  [1000, '1.00 k'],
  [9994, '9.99 k'],
  [9999, '10.0 k'],
  [12_345, '12.3 k'],
  [99_960, '100 k'],
  [999_499, '999 k'],
  [999_500, '1.00 M'],
  [1.5e18, '1.50 E'],
  [9e21, '9000 E'],
])('%d is written %s', (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [59_400, '59.4 s'],
  [59_600, '1m00s'],
  [245_000, '4m05s'],
  [3_600_000, '1h00m'],
  [7_380_000, '2h03m'],
])('%d ms are written %s', (value, text) => {
  expect(formatDuration(value)).toBe(text);
});

test('no control character reaches the terminal', () => {
  expect(printable('a\u001b[2Jb\u009bc\r\n\u202e')).toBe('a\ufffd[2Jb\ufffdc\ufffd\ufffd\ufffd');
});

describe('CSV', () => {
  test('quotes by RFC 4180 and leaves empty what is absent', async () => {
    const rows = [
      { a: 1, b: 'x,"y"\n' },
      { a: 0, c: [1, 2] },
    ];
    expect(await all(csvLines(each(rows)))).toEqual(['a,b,c', '1,"x,""y""\n",', '0,,"[1,2]"']);
    expect(await all(csvLines(each([])))).toEqual([]);
  });

  test('what comes after the columns are chosen is not lost', async () => {
    const rows = Array.from({ length: 10_000 }, () => ({ a: 1 }) as Record<string, unknown>);
    const lines = await all(csvLines(each([...rows, { a: 2, late: 'x' }])));
    expect(lines[0]).toBe('a,more');
    expect(lines[1]).toBe('1,');
    expect(lines.at(-1)).toBe('2,"{""late"":""x""}"');
  });
});

describe('table', () => {
  const record: PrintedRecord = {
    exportTime: '2026-01-31T12:00:05Z',
    observationDomainId: 1,
    templateId: 256,
    record: {
      sourceIPv4Address: '10.0.0.2',
      destinationIPv4Address: '192.0.2.1',
      sourceTransportPort: 40_000,
      destinationTransportPort: 443,
      protocolIdentifier: 6,
      postNATSourceIPv4Address: '198.51.100.1',
      postNAPTSourceTransportPort: 40_001,
      postNATDestinationIPv4Address: '192.0.2.1',
      postNAPTDestinationTransportPort: 443,
      octetDeltaCount: 123_456,
      flowStartMilliseconds: '2026-01-31T12:00:00.000Z',
      flowEndMilliseconds: '2026-01-31T12:00:02.500Z',
      flowEndReason: 3,
      ingressInterface: 4,
    },
  };

  test('a flow in one line: ends, protocol by name, only the NAT that changes, the rest by name', async () => {
    const [head, line] = await all(tableLines(each([record]), recordColumns, undefined));
    expect(head!.split(/ {2,}/)).toEqual([
      'ended',
      'lasted',
      'proto',
      'source',
      'destination',
      'octets',
      'end reason',
      'after NAT',
      'more',
    ]);
    expect(line!.split(/ {2,}/)).toEqual([
      '2026-01-31T12:00:02.500Z',
      '2.5 s',
      'tcp',
      '10.0.0.2:40000',
      '192.0.2.1:443',
      '123 k',
      expect.stringMatching(/end/i),
      'from 198.51.100.1:40001',
      'ingressInterface=4',
    ]);
  });

  test('IPv6, ICMP without ports, and an Options Data Record', async () => {
    const rows: PrintedRecord[] = [
      { ...record, record: { sourceIPv6Address: '2001:db8::1', sourceTransportPort: 5, protocolIdentifier: 17 } },
      { ...record, record: { sourceIPv4Address: '10.0.0.1', sourceTransportPort: 0, protocolIdentifier: 1 } },
      { ...record, record: { notSentFlowTotalCount: 7 }, scope: { observationDomainId: 1 } },
    ];
    const [, udp, icmp, options] = await all(tableLines(each(rows), recordColumns, undefined));
    expect(udp).toMatch(/ udp +\[2001:db8::1\]:5$/);
    expect(icmp).toMatch(/ icmp +10\.0\.0\.1$/);
    expect(options).toMatch(/ observationDomainId=1 notSentFlowTotalCount=7$/);
    const total = { ...rows[0]!, record: { octetTotalCount: 132, reverseOctetTotalCount: 2000 } };
    expect(await all(tableLines(each([total]), recordColumns, undefined))).toMatchObject(
      [/octets +back octets$/, /132 +2.00 k$/].map(line => expect.stringMatching(line)),
    );
    expect(flatten(rows[2]!)).toMatchObject({ 'scope.observationDomainId': 1, notSentFlowTotalCount: 7 });
  });

  test('columns are aligned and cut at the width', async () => {
    const columns = [
      { head: 'name', text: (row: { n: string; v: number }) => row.n },
      { head: 'value', right: true, text: (row: { n: string; v: number }) => String(row.v) },
    ];
    const rows = [
      { n: 'a', v: 5 },
      { n: 'longer', v: 1_234_567 },
    ];
    expect(await all(tableLines(each(rows), columns, undefined))).toEqual([
      'name      value',
      'a             5',
      'longer  1234567',
    ]);
    expect(await all(tableLines(each(rows), columns, 9))).toEqual(['name', 'a', 'longer  1']);
  });
});

test.each([
  [443, '443 https'],
  ['53', '53 domain'],
  [40_000, '40000'],
])('the port %s is written %s', (port, text) => {
  expect(portText(port)).toBe(text);
});
