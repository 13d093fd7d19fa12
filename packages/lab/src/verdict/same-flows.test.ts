import { expect, test } from 'vitest';
import type { TextRecord } from '../wire/file.js';
import { differenceLines, differences, flowCounts } from './same-flows.js';

const flow = {
  protocolIdentifier: '6',
  sourceIPv4Address: '10.77.1.2',
  sourceTransportPort: '40000',
  destinationIPv4Address: '10.77.2.2',
  destinationTransportPort: '7000',
  postNATSourceIPv4Address: '10.77.2.1',
  flowStartMilliseconds: '1700000000000',
  flowEndMilliseconds: '1700000005000',
  flowEndReason: '3',
  ingressInterface: '2',
  '32473:10': '07',
  '32473:11': '009e',
};
const key = '6 10.77.1.2 40000 10.77.2.2 7000 10.77.2.1';

function record(fields: Record<string, string | undefined> = {}): TextRecord {
  const all = Object.entries({ ...flow, ...fields });
  return new Map(all.filter((each): each is [string, string] => each[1] !== undefined));
}

/** A report on the way and one of the end, so many octets in all. */
function inTwo(octets: number, onTheWay: number): TextRecord[] {
  return [
    record({ octetDeltaCount: String(onTheWay), flowEndReason: '2', flowEndMilliseconds: '1700000002000' }),
    record({ octetDeltaCount: String(octets - onTheWay) }),
  ];
}

test('interim reports at other times are no difference, nor is their number', () => {
  const once = [record({ octetDeltaCount: '1000' })];
  expect(differences(inTwo(1000, 400), inTwo(1000, 700))).toEqual([]);
  expect(differences(once, inTwo(1000, 700))).toEqual([]);
  expect(flowCounts(inTwo(1000, 400))).toEqual({ flows: 1, interimReports: 1 });
});

test('a sum that differs, by one octet', () => {
  const found = differences(inTwo(1000, 400), inTwo(1001, 400));
  expect(found).toEqual([{ flow: key, field: 'octetDeltaCount', first: '1000', second: '1001' }]);
  expect(differenceLines(found)).toEqual([`octetDeltaCount differs in 1 Flow, such as ${key}: 1000, 1001`]);
});

test('counters beyond 2^53', () => {
  const [one, other] = ['9007199254740993', '9007199254740992'].map(octets => [record({ octetDeltaCount: octets })]);
  expect(differences(one!, other!)).toHaveLength(1);
});

test.each([
  ['flowEndReason', { flowEndReason: '1' }],
  ['flowStartMilliseconds', { flowStartMilliseconds: '1700000000001' }],
  ['flowEndMilliseconds', { flowEndMilliseconds: '1700000006001' }],
  ['flowEndMilliseconds', { flowEndMilliseconds: undefined }],
  ['ingressInterface', { ingressInterface: undefined }],
  ['egressInterface', { egressInterface: '3' }],
  ['ipNextHopIPv4Address', { ipNextHopIPv4Address: '10.77.2.9' }],
  ['conntrackMark', { '32473:6': '0000002a' }],
  ['conntrackZone', { '32473:7': '0007' }],
  ['tcpState', { '32473:10': '08' }],
  ['tcpStateHistory', { '32473:11': '008e' }],
])('%s: %o', (field, fields) => {
  expect(differences([record()], [record(fields)]).map(each => each.field)).toEqual([field]);
  expect(differences([record(fields)], [record()]).map(each => each.field)).toEqual([field]);
});

test('within tolerance: the end by a second, states that events do not tell', () => {
  const fields = { flowEndMilliseconds: '1700000006000', '32473:11': '00fe' };
  expect(differences([record()], [record(fields)])).toEqual([]);
});

test('a Flow that only one tells of, another translation, an end that is told twice or never', () => {
  const translated = record({ postNATSourceIPv4Address: '10.77.2.3' });
  expect(differences([record()], [])).toMatchObject([{ flow: key, field: 'Flow', second: undefined }]);
  expect(differences([record()], [translated]).map(({ field }) => field)).toEqual(['Flow', 'Flow']);
  expect(differences([record()], [record(), record()])).toMatchObject([{ field: 'end', first: '1 end' }]);
  const unfinished = differences([record()], [record({ flowEndReason: '2' })]).map(({ field }) => field);
  expect(unfinished).toEqual(['end', 'flowEndReason']);
});
