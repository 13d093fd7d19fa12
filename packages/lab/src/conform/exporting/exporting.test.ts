import { expect, test } from 'vitest';
import { dataSet, message, set, templateSet, u16, withdrawalSet } from '../../wire/build.js';
import { enterpriseField, field, reverse, type WireTemplate } from '../../wire/template.js';
import type { WireValue } from '../../wire/value.js';
import { exporterCases, judgeExporter } from './cases.js';
import { Heard } from './heard.js';
import type { Arrival } from './listener.js';

const now = Math.floor(Date.now() / 1000);
const flow: WireTemplate = {
  id: 256,
  fields: [
    field('sourceIPv4Address'),
    field('octetDeltaCount'),
    reverse('octetDeltaCount'),
    field('biflowDirection'),
    field('flowStartMilliseconds'),
    field('flowEndMilliseconds'),
    field('interfaceName'),
    field('dataRecordsReliability'),
    field('flowStartMicroseconds'),
  ],
};
const options: WireTemplate = { id: 257, scopes: 1, fields: [field('exportingProcessId'), ...loss()] };
const metering: WireTemplate = { id: 258, scopes: 1, fields: [field('observationDomainId'), ...statistics()] };
const keys: WireTemplate = { id: 259, scopes: 1, fields: [field('templateId'), field('flowKeyIndicator')] };

function loss() {
  return ['notSentFlowTotalCount', 'notSentPacketTotalCount', 'notSentOctetTotalCount'].map(name => field(name));
}

function statistics() {
  const exported = ['exportedMessageTotalCount', 'exportedFlowRecordTotalCount', 'exportedOctetTotalCount'];
  return [...exported, 'ignoredPacketTotalCount', 'ignoredOctetTotalCount'].map(name => field(name));
}

const record: readonly WireValue[] = [
  '198.18.0.1',
  7,
  5,
  1,
  now * 1000 - 500,
  now * 1000,
  'eth0',
  true,
  now * 1000 - 500,
];
const templates = (): Buffer => Buffer.concat([templateSet(flow), templateSet(options, metering, keys)]);
const records = (count: number, values = record): Buffer => dataSet(flow, Array(count).fill(values), 3);

/** A Message at so many seconds behind `now`, with the sequence number that is due. */
interface Step {
  readonly sets: Buffer;
  readonly sequence: number;
  readonly second?: number;
  /** Changes the finished Message. */
  readonly change?: (bytes: Buffer) => Buffer;
}

/** What an exporter sends that does all as it should: Templates twice on their own, data, and later all again. */
const good: readonly Step[] = [
  { sets: templates(), sequence: 0 },
  { sets: templates(), sequence: 0 },
  { sets: Buffer.concat([records(2), dataSet(options, [[1, 0, 0, 0]])]), sequence: 0 },
  { sets: dataSet(metering, [[1, 0, 0, 0, 0, 0]]), sequence: 3 },
  { sets: dataSet(keys, [[256, 1]]), sequence: 4 },
  { sets: templates(), sequence: 5, second: 10 },
  { sets: records(1), sequence: 5, second: 10 },
];

function arrivals(steps: readonly Step[], transport: Arrival['transport']): Arrival[] {
  return steps.map(({ sets, sequence, second = 0, change = bytes => bytes }) => ({
    time: (now + second) * 1000,
    transport,
    peer: '198.18.0.9 4000',
    octets: change(message({ exportTime: now + second, sequence, domain: 1 }, sets)),
  }));
}

function failedCases(steps: readonly Step[], transport: Arrival['transport'] = 'udp'): string[] {
  const heard = new Heard();
  for (const each of arrivals(steps, transport)) heard.take(each);
  const results = judgeExporter(heard, 'test', transport, { mtu: 1500 });
  return results.filter(({ outcome }) => outcome === 'failed').map(({ info }) => info.id);
}

/** The good exporter with more at its end; what is not told is its sequence number. */
const also = (...more: readonly Omit<Step, 'sequence'>[]): Step[] => [
  ...good,
  ...more.map(each => ({ sequence: 6, second: 10, ...each })),
];

const only = (...fields: WireTemplate['fields'][number][]): Buffer => templateSet({ id: 300, fields });

test.each(['udp', 'tcp'] as const)('over %s nothing fails of an exporter that does all right', transport => {
  expect(failedCases(good, transport)).toEqual([]);
});

test('of an exporter that does all right each case but those of the other transport is seen', () => {
  const heard = new Heard();
  for (const each of arrivals(good, 'udp')) heard.take(each);
  const unseen = judgeExporter(heard, 'test', 'udp', { mtu: 1500 }).filter(({ outcome }) => outcome !== 'passed');
  expect(unseen.map(({ info }) => info.id)).toEqual(['withdrawal-known', 'sequence-start', 'reconnect']);
});

test.each<[string, string[], Step[]]>([
  ['a Set beyond the end of the Message', ['set-length'], also({ sets: set(256, Buffer.alloc(8), 100) })],
  ['a Set shorter than its header', ['set-length'], also({ sets: set(2, Buffer.alloc(8), 2) })],
  [
    'version 9',
    ['version'],
    also({ sets: Buffer.alloc(0), change: bytes => Buffer.concat([u16(9), bytes.subarray(2)]) }),
  ],
  ['a wrong Message length', ['message-length'], also({ sets: records(1), change: bytes => bytes.subarray(0, -1) })],
  ['Set ID 4', ['set-id'], also({ sets: set(4, Buffer.alloc(8)) })],
  ['Template ID 255', ['template-id'], also({ sets: templateSet({ ...flow, id: 255 }) })],
  ['a Field Count beyond the Set', ['template-length'], also({ sets: set(2, Buffer.from('0200000200080004', 'hex')) })],
  [
    'no Scope Field',
    ['scope-count'],
    also({ sets: templateSet({ id: 300, scopes: 0, fields: [field('templateId')] }) }),
  ],
  ['data without a Template', ['template-before-data'], also({ sets: set(400, Buffer.alloc(8)) })],
  ['half a record', ['data-records'], also({ sets: set(258, Buffer.alloc(5)) })],
  ['padding of FF', ['padding-zero'], also({ sets: set(259, Buffer.from('0100' + '0000000000000001' + 'ff', 'hex')) })],
  [
    'much padding',
    ['padding-length'],
    also({ sets: set(2, Buffer.concat([only(field('flowId')).subarray(4), Buffer.alloc(4)])) }),
  ],
  [
    'an ID of two kinds',
    ['template-ids-apart', 'template-redefined'],
    also({ sets: templateSet({ ...keys, id: 256 }) }),
  ],
  ['an element that is not registered', ['registered-elements'], also({ sets: only(enterpriseField(0, 32000, 4)) })],
  ['an address of 3 octets', ['element-lengths'], also({ sets: only(field('sourceIPv4Address', 3)) })],
  ['a withdrawal over UDP', ['no-withdrawal-udp'], also({ sets: withdrawalSet(2, 256) })],
  [
    'a Template that changes at once',
    ['template-redefined'],
    also({ sets: templateSet({ ...flow, fields: [field('flowId')] }) }),
  ],
  ['a sequence number too far', ['sequence'], good.map((step, i) => (i === 6 ? { ...step, sequence: 6 } : step))],
  ['a sequence number that counts Messages', ['sequence'], good.map((step, i) => ({ ...step, sequence: i }))],
  [
    'an Export Time of 1970',
    ['export-time', 'export-time-order', 'flow-times'],
    also({ sets: records(1), change: old }),
  ],
  ['a Message of 1,473 octets', ['message-size'], also({ sets: set(259, Buffer.alloc(1473 - 20)) })],
  ['a string of Latin 1', ['strings'], also({ sets: records(1, with_(6, Buffer.from([0xe4]))) })],
  ['a truth value 0', ['booleans'], also({ sets: records(1, with_(7, Buffer.from([0]))) })],
  ['low bits of microseconds', ['microseconds-low-bits'], also({ sets: records(1, with_(8, Buffer.alloc(8, 1))) })],
  ['an end before the start', ['flow-times'], also({ sets: records(1, with_(5, now * 1000 - 600)) })],
  [
    'reverse elements without a key',
    ['biflow-key'],
    also({ sets: only(field('octetDeltaCount'), reverse('octetDeltaCount')) }),
  ],
  [
    'a reversed flowId',
    ['biflow-reversible'],
    also({ sets: only(field('sourceIPv4Address'), field('flowId'), reverse('flowId')) }),
  ],
  [
    'a reverse element alone',
    ['biflow-forward'],
    also({ sets: only(field('sourceIPv4Address'), reverse('octetDeltaCount')) }),
  ],
  ['biflowDirection 9', ['biflow-direction'], also({ sets: records(1, with_(3, 9)) })],
  [
    'loss scoped by a Template',
    ['exporting-scope'],
    also({ sets: templateSet({ id: 300, scopes: 1, fields: [field('templateId'), ...loss()] }) }),
  ],
  [
    'loss of Flows alone',
    ['exporting-reliability'],
    also({ sets: templateSet({ ...options, id: 300, fields: options.fields.slice(0, 2) }) }),
  ],
  [
    'keys scoped by a domain',
    ['flow-keys-scope'],
    also({
      sets: templateSet({ id: 300, scopes: 1, fields: [field('observationDomainId'), field('flowKeyIndicator')] }),
    }),
  ],
  ['no second copy of a Template', ['template-copies'], good.filter((_, i) => i !== 1)],
  [
    'Templates but once in an hour',
    ['template-refresh'],
    [...good.slice(0, 5), { sets: records(1), sequence: 5, second: 3600 }],
  ],
])('%s fails %j and no other case', (_what, cases, steps) => {
  expect(failedCases(steps)).toEqual(cases);
});

function with_(index: number, value: WireValue): WireValue[] {
  return record.map((each, i) => (i === index ? value : each));
}

function old(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 4), Buffer.alloc(4), bytes.subarray(8)]);
}

test('over a connection, what is withdrawn may be defined anew, and what is not there may not be withdrawn', () => {
  const anew = templateSet({ ...flow, fields: [field('flowId')] });
  expect(failedCases(also({ sets: Buffer.concat([withdrawalSet(2, 256), anew]) }), 'tcp')).toEqual([]);
  expect(failedCases(also({ sets: withdrawalSet(2, 256, 256) }), 'tcp')).toEqual(['withdrawal-known']);
  expect(failedCases(good.slice(2), 'tcp')).toContain('template-before-data');
  expect(failedCases(good.slice(6), 'tcp')).toContain('sequence-start');
});

test.each([
  [59_000, ['reconnect']],
  [60_000, []],
])('a connection set up again %d ms after the one before fails %j', (later, cases) => {
  const heard = new Heard();
  const octets = Buffer.concat(arrivals(good, 'tcp').map(each => each.octets));
  const start = now * 1000;
  for (const [time, peer] of [
    [start, 'a 1'],
    [start + later, 'a 2'],
    [start + later, 'b 3'],
  ] as const) {
    heard.take({ time, transport: 'tcp', peer, octets });
    heard.take({ time: time + 10, transport: 'tcp', peer, octets: Buffer.alloc(0) });
  }
  const results = judgeExporter(heard, 'test', 'tcp', { mtu: 1500 });
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ info }) => info.id);
  expect(failed).toEqual(cases);
});

test('a stream is cut into Messages wherever its segments end', () => {
  const all = Buffer.concat(arrivals(good, 'tcp').map(({ octets }) => octets));
  const heard = new Heard();
  for (let at = 0; at < all.length; at += 7) {
    heard.take({ time: now * 1000, transport: 'tcp', peer: 'a 1', octets: all.subarray(at, at + 7) });
  }
  expect(heard.sessions[0]!.messages).toHaveLength(good.length);
  heard.take({ time: now * 1000, transport: 'tcp', peer: 'a 1', octets: Buffer.from('000a0040', 'hex') });
  heard.take({ time: now * 1000, transport: 'tcp', peer: 'a 1', octets: Buffer.alloc(0) });
  expect(heard.sessions[0]!.broken).toHaveLength(1);
});

test('of nothing only that nothing came fails', () => {
  expect(failedCases([])).toEqual(['export']);
});

test('every case has a name of its own', () => {
  expect(new Set(exporterCases.map(({ id }) => id)).size).toBe(exporterCases.length);
});
