import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Parameters } from '../flow/filter-sql.js';
import type { TestRecord } from '../flow/testing/records.js';
import type { FlowRow } from '../http/types.js';
import { flowCountSql } from './queries/counted.js';
import { endsIn, intervalOf } from './queries/selection.js';
import { countedSql } from './queries/views.js';
import { type FlowOrder, type FlowPlace, flowColumns, flowRows, type Selection } from './queries.js';
import { flowSql } from './schema/flows.js';
import { insertRecords, openTestStore, seeded, type TestStore } from './testing/store.js';

const BASE = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const time = (milliseconds: number) => new Date(BASE + milliseconds).toISOString();
const span: Selection = { from: BASE - 2 * DAY, to: BASE + DAY };

/** Ends and sizes of few values, so that many Flows have the same. */
class Generator {
  readonly #next = seeded(8);
  #flows = 0;

  records(count: number): TestRecord[] {
    return Array.from({ length: count }, () => this.#flow()).flat();
  }

  #flow(): TestRecord[] {
    const start = -this.#next(2 * 24 * 60) * 60_000;
    const keys = {
      sourceIPv4Address: `10.0.0.${this.#next(4)}`,
      destinationIPv4Address: `192.0.2.${this.#next(4)}`,
      protocolIdentifier: [6, 17][this.#next(2)]!,
      flowStartMilliseconds: time(start),
      ...(this.#next(5) === 0 ? { samplingInterval: this.#next(4) } : {}),
    };
    const kind = this.#next(10);
    if (kind === 0) return this.#reports({ ...keys, sourceTransportPort: this.#flows++ }, start, 'Total');
    if (kind === 1) return this.#reports({ ...keys, sourceTransportPort: this.#flows++ }, start, 'Delta');
    const numbered = { ...keys, flowId: this.#flows++ };
    if (kind > 3) return [{ ...numbered, ...this.#counts('Delta', 0), ...this.#end(start), flowEndReason: 3 }];
    const reports = this.#reports(numbered, start, 'Delta');
    return reports.map((report, i) => ({
      ...report,
      flowEndReason: i + 1 === reports.length && kind === 3 ? 3 : 2,
      ...(i === 0 ? {} : { monitoringIntervalStartMilliSeconds: String(reports[i - 1]!.flowEndMilliseconds) }),
    }));
  }

  /** Of a Flow that goes on for minutes or hours. */
  #reports(keys: TestRecord, start: number, what: 'Total' | 'Delta'): TestRecord[] {
    return Array.from({ length: 2 + this.#next(4) }, (_, i) => ({
      ...keys,
      ...this.#counts(what, i),
      flowEndMilliseconds: time(start + (i + 1) * 600_000),
    }));
  }

  #end(start: number): TestRecord {
    return { flowEndMilliseconds: time(start + this.#next(3) * 1000) };
  }

  #counts(what: 'Total' | 'Delta', i: number): TestRecord {
    const size = 40 * (this.#next(6) + 1) + (what === 'Total' ? 500 * i : 0);
    const back = this.#next(3) === 0 ? {} : { [`reverseOctet${what}Count`]: 40 * this.#next(4) };
    return { [`octet${what}Count`]: size, [`packet${what}Count`]: 1 + i, ...back };
  }
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  const generator = new Generator();
  for (let domain = 1; domain <= 4; domain++) {
    const options = { exportTime: BASE / 1000 + 60, domain, duplicates: (i: number) => domain === 4 && i % 3 === 0 };
    await insertRecords(opened.store, generator.records(120), options);
  }
}, 60_000);
afterAll(() => opened.end());

/** All Flows of the selection the plain way: every record is grouped by the number of its Flow. */
async function plainly(selection: Selection, order: FlowOrder): Promise<unknown[]> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [], parameters)}`;
  const sums = ['octets', 'packets', 'reverseOctets', 'reversePackets'].map(
    name => `${flowCountSql(name)} AS s_${name}`,
  );
  const by = order === 'newest' ? 'ends' : 's_octets + s_reverseOctets';
  const rows = await opened.store.query<Record<string, string>>(
    `SELECT toString(${flowSql}) AS id, count() AS records, toUnixTimestamp64Milli(max(recordEnd)) AS ends, any(observationDomainId) AS domain,
      ${sums.join(', ')} FROM flows WHERE ${where} GROUP BY ${flowSql} AS number ORDER BY ${by} DESC, number`,
    parameters.values,
  );
  return rows.map(row => [
    row.id,
    ...['domain', 'records', 'ends', 's_octets', 's_packets', 's_reverseOctets'].map(name => Number(row[name])),
  ]);
}

/** The same of rows. */
function shortened(flows: readonly FlowRow[]): unknown[] {
  return flows.map(({ id, observationDomainId, records, end, octets = 0, packets = 0, reverseOctets = 0 }) => [
    id.split('-')[0],
    ...[observationDomainId, records, end, octets, packets, reverseOctets],
  ]);
}

async function inPages(selection: Selection, order: FlowOrder, limit: number): Promise<FlowRow[][]> {
  const pages: FlowRow[][] = [];
  let after: FlowPlace | undefined;
  do {
    const { flows, next } = await flowRows(opened.store, selection, { order, limit, after });
    pages.push(flows);
    after = next;
  } while (after !== undefined);
  return pages;
}

describe.each(['newest', 'largest'] as const)('Flows, the %s first', order => {
  test.each([
    ['', 100],
    ['', 41],
    ['proto tcp', 33],
    ['octets > 120', 30],
    ['exporter = 192.0.2.1', 50],
    ['domain = 4 and duplicate', 8],
    ['src host 10.0.0.250', 5],
  ])(
    'are those that grouping all records finds: %o, %i a page',
    async (filter, limit) => {
      const expected = await plainly({ ...span, filter }, order);
      const pages = await inPages({ ...span, filter }, order, limit);
      expect(pages.slice(0, -1).every(page => page.length === limit)).toBe(true);
      expect(shortened(pages.flat())).toEqual(expected);
      expect(expected.length > 0).toBe(!filter.includes('250'));
    },
    120_000,
  );

  test('where the selection cuts Flows in two', async () => {
    const cut = { from: BASE - DAY, to: BASE - DAY / 2 };
    expect(shortened((await inPages(cut, order, 20)).flat())).toEqual(await plainly(cut, order));
  }, 60_000);
});

test('where few Flows have nearly all records, the newest are found', async () => {
  const from = BASE + 2 * DAY;
  const flow = {
    sourceIPv4Address: '10.9.0.1',
    flowStartMilliseconds: new Date(from).toISOString(),
    octetDeltaCount: 1,
  };
  const ends = (i: number) => ({ flowEndMilliseconds: new Date(from + 1000 * (i + 2)).toISOString() });
  const many = Array.from({ length: 1500 }, (_, i) => ({ ...flow, ...ends(i) }));
  const few = [1, 2, 3].map(n => ({ ...flow, sourceIPv4Address: `10.9.1.${n}`, ...ends(-2) }));
  await insertRecords(opened.store, [...many, ...few], { exportTime: from / 1000 + 10_000 });
  const selection = { from, to: from + DAY };
  const { flows, next } = await flowRows(opened.store, selection, { order: 'newest', limit: 3 });
  expect(flows.map(each => each.records)).toEqual([1500, 1, 1]);
  const rest = await flowRows(opened.store, selection, { order: 'newest', limit: 3, after: next });
  expect(rest.flows).toHaveLength(1);
  expect(rest.next).toBeUndefined();
});

test('a Flow is in one page of the newest at most, whatever comes in between', async () => {
  const from = BASE + 4 * DAY;
  const at = (seconds: number) => new Date(from + seconds * 1000).toISOString();
  const report = (flowId: number, end: number) => ({
    ...{ flowId, flowEndReason: 2, flowStartMilliseconds: at(0), flowEndMilliseconds: at(end), octetDeltaCount: 1 },
    ...(end > 10 ? { monitoringIntervalStartMilliSeconds: at(10) } : {}),
  });
  const options = { exportTime: from / 1000 + 100 };
  await insertRecords(
    opened.store,
    [1, 2, 3, 4, 5, 6].map(id => report(id, id)),
    options,
  );
  const selection = { from, to: from + DAY };
  const { flows, next } = await flowRows(opened.store, selection, { order: 'newest', limit: 2 });
  // One that was shown, and one that was not yet.
  await insertRecords(opened.store, [report(6, 20), report(2, 21)], options);
  const rest = await flowRows(opened.store, selection, { order: 'newest', limit: 10, after: next });
  expect(flows.map(({ end }) => (end - from) / 1000)).toEqual([6, 5]);
  expect(rest.flows.map(({ end, records }) => [(end - from) / 1000, records])).toEqual([
    [4, 1],
    [3, 1],
    [1, 1],
  ]);
});

describe('columns', () => {
  const from = BASE + 6 * DAY;
  const at = (seconds: number) => new Date(from + seconds * 1000).toISOString();
  const selection = { from, to: from + DAY };
  beforeAll(async () => {
    const flow = { flowId: 1, flowStartMilliseconds: at(0), ingressInterface: 7 };
    const records: TestRecord[] = [
      {
        ...flow,
        flowEndMilliseconds: at(1),
        flowEndReason: 2,
        tcpControlBits: 2,
        octetDeltaCount: 5,
        applicationName: 'old',
      },
      {
        ...flow,
        ...{
          flowEndMilliseconds: at(2),
          flowEndReason: 3,
          tcpControlBits: 17,
          octetDeltaCount: 6,
          applicationName: 'new',
        },
        ...{ monitoringIntervalStartMilliSeconds: at(1), reverseTcpControlBits: 1, bgpSourceAsNumber: 64_512 },
      },
      { sourceIPv4Address: '10.0.0.9', flowEndMilliseconds: at(0) },
    ];
    await insertRecords(opened.store, records, { exportTime: from / 1000 });
    const name = { exporter: '::ffff:192.0.2.1', observationDomainId: 1, interface: 7, name: 'wan', description: '' };
    await opened.store.keepTold({ interfaces: [{ ...name, since: from }], elements: [] });
  });

  const asked = [
    ...['inif', 'tcpControlBits', 'reverseTcpControlBits', 'octetDeltaCount', 'applicationName', 'srcas'],
    ...['flowStartMilliseconds', 'domain', 'egressInterface', 'exporter'],
  ];

  test('are of the newest record, sums, or flags of all; what a Flow has not is absent', async () => {
    const columns = flowColumns(asked);
    const { flows } = await flowRows(opened.store, selection, { order: 'newest', limit: 5, columns });
    expect(flows.map(each => each.columns)).toEqual([
      {
        ...{ inif: 7, inifName: 'wan', tcpControlBits: 19, reverseTcpControlBits: 1, octetDeltaCount: 11 },
        ...{ applicationName: 'new', srcas: 64_512, flowStartMilliseconds: at(0), domain: 1, exporter: '192.0.2.1' },
      },
      { domain: 1, exporter: '192.0.2.1' },
    ]);
  });

  test('that are none', () => {
    expect(() => flowColumns(['inif', 'bogus'])).toThrow(/there is no column "bogus"/);
  });
});
