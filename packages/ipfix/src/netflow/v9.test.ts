import { describe, expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import { messageOf, Recorder, rawMessage } from '../testing/messages.js';
import { netflow9 } from '../testing/netflow.js';

function decode(session: TransportSession, ...messages: Uint8Array[]): Recorder {
  const recorder = new Recorder();
  for (const message of messages) session.decode(message, recorder);
  return recorder;
}

const be16 = (...numbers: number[]) => numbers.flatMap(n => [n >> 8, n & 255]);
/** [0, ...]: a Template FlowSet. */
const template = (id: number, ...fields: [type: number, length: number][]) => [
  0,
  ...be16(id, fields.length, ...fields.flat()),
];
type Field = [type: number, length: number];
const options = (id: number, scope: Field[], fields: Field[]) => [
  1,
  ...be16(id, scope.length * 4, fields.length * 4, ...scope.flat(), ...fields.flat()),
];
const recordsOf = (recorder: Recorder) => recorder.sets.flatMap(set => decodeRecords(set));
const PROTOCOL: Field = [4, 1];

test('header, Template and flows; the count is not believed', () => {
  const header = { count: 999, sysUpTime: 5000, seconds: 1_700_000_000, sequence: 7, domain: 3 };
  const session = new TransportSession();
  const recorder = decode(session, netflow9(header, template(256, PROTOCOL), [256, 6, 17]));
  expect(recorder.events).toEqual(['template 3:256', 'data 256']);
  expect(recorder.sets[0]!.header).toEqual({
    version: 9,
    length: 38,
    exportTime: 1_700_000_000,
    sequence: 7,
    observationDomainId: 3,
    sysUpTime: { milliseconds: 5000, at: 1_700_000_000_000 },
  });
  expect(recordsOf(recorder)).toEqual([{ record: { protocolIdentifier: 6 } }, { record: { protocolIdentifier: 17 } }]);
  expect(session.counters).toMatchObject({ records: 2, templates: 1, malformedMessages: 0 });
});

describe('Templates', () => {
  test.each<[string, Field[], Record<string, unknown>]>([
    [
      'types beyond 32767 have no enterprise number behind them',
      [[33002, 2], PROTOCOL],
      { '0:33002': '0102', protocolIdentifier: 3 },
    ],
    [
      'those of old firewalls are the elements of today',
      [
        [40003, 2],
        [40005, 1],
      ],
      { postNAPTSourceTransportPort: 258, firewallEvent: 3 },
    ],
    [
      'fields of length 0 are not there',
      [[8, 0], [7, 2], [33000, 0], PROTOCOL],
      { sourceTransportPort: 258, protocolIdentifier: 3 },
    ],
  ])('%s', (_, fields, record) => {
    const recorder = decode(new TransportSession(), netflow9({}, template(256, ...fields), [256, 1, 2, 3]));
    expect(recordsOf(recorder)).toEqual([{ record }]);
    expect(recorder.diagnostics).toEqual([]);
  });

  test('several in one FlowSet, padded, and changed later without a withdrawal', () => {
    const session = new TransportSession();
    const both = [...template(256, PROTOCOL), ...be16(257, 1, 60, 1), 0, 0, 0];
    expect(decode(session, netflow9({}, both)).events).toEqual(['template 0:256', 'template 0:257']);
    const recorder = decode(session, netflow9({}, template(256, [60, 1]), [256, 4]));
    expect(recordsOf(recorder)).toEqual([{ record: { ipVersion: 4 } }]);
  });

  test('are not those of IPFIX from the same exporter', () => {
    const session = new TransportSession();
    decode(session, netflow9({ domain: 1 }, template(256, PROTOCOL)));
    expect(decode(session, messageOf({ domain: 1 }, [], [[256, [6]]])).events).toEqual(['unknown 1:256 1']);
    const restored = TransportSession.restore(JSON.parse(JSON.stringify(session.save())));
    expect(restored.save()).toEqual(session.save());
    expect(decode(restored, netflow9({ domain: 1, sequence: 1 }, [256, 6])).events).toEqual(['data 256']);
  });

  test.each<[string, number[]]>([
    ['template-id', template(255, PROTOCOL)],
    ['template-truncated', [0, ...be16(256, 2, 4, 1)]],
    ['template-empty', template(256, [4, 0])],
    ['template-empty', template(256)],
    ['template-truncated', [1, ...be16(256, 4, 8, 1, 4, 4, 1)]],
    ['set-id', [2, ...be16(256, 1, 4, 1)]],
  ])('%s: the other FlowSets are read', (reason, flowSet) => {
    const session = new TransportSession();
    const recorder = decode(session, netflow9({}, flowSet, template(300, PROTOCOL), [300, 6]));
    expect(recorder.events).toEqual([reason, 'template 0:300', 'data 300']);
    expect(session.counters).toMatchObject({ malformedMessages: 1, records: 1 });
  });
});

describe('Options', () => {
  test.each<[string, Field, number[], Record<string, unknown>]>([
    ['System, an address', [1, 4], [192, 0, 2, 1], { exporterIPv4Address: '192.0.2.1' }],
    ['System', [1, 2], [0, 5], { exportingProcessId: 5 }],
    ['Interface', [2, 2], [0, 5], { ingressInterface: 5 }],
    ['Line Card', [3, 1], [5], { lineCardId: 5 }],
    ['Cache', [4, 4], [0, 0, 0, 5], { meteringProcessId: 5 }],
    ['Template', [5, 2], [1, 0], { templateId: 256 }],
    ['a field type that is no scope', [48, 1], [5], { samplerId: 5 }],
  ])('scope %s', (_, scopeField, octets, scope) => {
    const flowSets = [
      options(
        256,
        [scopeField],
        [
          [34, 2],
          [35, 1],
        ],
      ),
      [256, ...octets, 0, 100, 2],
    ];
    expect(recordsOf(decode(new TransportSession(), netflow9({}, ...flowSets)))).toEqual([
      { scope, record: { samplingInterval: 100, samplingAlgorithm: 2 } },
    ]);
  });

  test('octets beyond whole fields, as pmacct counted them once', () => {
    const flowSets = [
      [1, ...be16(256, 4, 9, 5, 2, 34, 2, 35, 1)],
      [256, 1, 4, 0, 9, 1],
    ];
    expect(recordsOf(decode(new TransportSession(), netflow9({}, ...flowSets)))).toEqual([
      { scope: { templateId: 260 }, record: { samplingInterval: 9, samplingAlgorithm: 1 } },
    ]);
  });

  // The second counts fields instead of octets: one of scope, which is none, and 6 of options.
  test.each([[options(256, [], [[34, 2]])], [[1, ...be16(256, 1, 6, 34, 2)]]])(
    'no scope at all is the exporter',
    definition => {
      const flowSets = [definition, [256, 0, 9]];
      expect(recordsOf(decode(new TransportSession(), netflow9({}, ...flowSets)))).toEqual([
        { scope: { exportingProcessId: null }, record: { samplingInterval: 9 } },
      ]);
    },
  );

  test('in IPFIX, under the ID of NetFlow v9', () => {
    const message = rawMessage(
      options(256, [[2, 4]], [[34, 2]]),
      template(257, PROTOCOL),
      [256, 0, 0, 0, 5, 0, 9],
      [257, 6],
    );
    const recorder = decode(new TransportSession(), message);
    expect(recorder.diagnostics).toEqual([]);
    expect(recordsOf(recorder)).toEqual([
      { scope: { ingressInterface: 5 }, record: { samplingInterval: 9 } },
      { record: { protocolIdentifier: 6 } },
    ]);
  });

  test('a scope without octets is still the scope', () => {
    const flowSets = [options(256, [[1, 0]], [[34, 2]]), [256, 0, 0, 0, 1]];
    const recorder = decode(new TransportSession(), netflow9({}, ...flowSets));
    expect(recorder.sets[0]!.template.scopeFieldCount).toBe(1);
    expect(recordsOf(recorder)[0]!.scope).toEqual({ exportingProcessId: null });
    // All zeros are something that an option may say.
    expect(recordsOf(recorder).map(each => each.record)).toEqual([{ samplingInterval: 0 }, { samplingInterval: 1 }]);
  });
});

describe('lengths', () => {
  const two = template(256, [7, 2]);

  test('a FlowSet that ends at no word, and padding of any length below a record', () => {
    const recorder = decode(new TransportSession(), netflow9({}, two, [256, 0, 1, 0], two, [256, 0, 2]));
    expect(recordsOf(recorder).map(each => each.record)).toEqual([
      { sourceTransportPort: 1 },
      { sourceTransportPort: 2 },
    ]);
  });

  test('zeros that fill a FlowSet are no flows, zeros between flows are', () => {
    const session = new TransportSession();
    const recorder = decode(session, netflow9({}, two, [256, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0]));
    expect(recordsOf(recorder).map(each => each.record.sourceTransportPort)).toEqual([1, 0, 2]);
    expect(decode(session, netflow9({ sequence: 1 }, [256, 0, 0, 0, 0])).events).toEqual([]);
    expect(session.counters).toMatchObject({ records: 3, malformedMessages: 0 });
  });

  test('zeros that fill a datagram are nothing; what else is behind the last FlowSet is told, and what came before is good', () => {
    const session = new TransportSession();
    const message = netflow9({}, two, [256, 0, 1]);
    const filled = new Uint8Array(1400);
    filled.set(message);
    expect(decode(session, filled).events).toEqual(['template 0:256', 'data 256']);
    expect(session.counters.malformedMessages).toBe(0);
    filled.set([1, 0, 255, 0], message.length);
    const recorder = decode(session, filled);
    expect(recorder.events).toEqual(['data 256', 'set-length']);
    expect(recorder.diagnostics[0]!.offset).toBe(message.length);
    expect(session.counters).toMatchObject({ malformedMessages: 1, records: 2 });
  });

  test('cut off anywhere, the whole FlowSets are read', () => {
    const message = netflow9({}, two, [256, 0, 1]);
    for (let length = 2; length < message.length; length++) {
      const session = new TransportSession();
      const recorder = decode(session, message.subarray(0, length));
      const [first] = recorder.events;
      if (length < 20) expect(recorder.events).toEqual(['message-short']);
      else expect(first === 'template 0:256').toBe(length >= 32);
      // The first three octets of a Template FlowSet are zeros, and could be filling.
      expect(session.counters.malformedMessages).toBe((length >= 20 && length < 24) || length === 32 ? 0 : 1);
      expect(session.counters.records).toBe(0);
    }
  });
});

test('the sequence counts Messages, whatever is in them', () => {
  const session = new TransportSession();
  const message = (sequence: number) => netflow9({ sequence }, [256, 6]);
  const at = (...sequences: number[]) => decode(session, ...sequences.map(message));
  at(10, 11, 15);
  expect(session.counters).toMatchObject({ lostMessages: 3, lostRecords: 0, unknownTemplateSets: 3 });
  at(13);
  expect(session.counters).toMatchObject({ lostMessages: 2, outOfOrder: 1 });
});
