import { describe, expect, test } from 'vitest';
import { fieldsOf, type Template } from '../template/template.js';
import { messageOf, Recorder, rawMessage } from '../testing/messages.js';
import type { SessionLimits } from './domain.js';
import { decodeRecords, recordCount } from './records.js';
import { TransportSession } from './session.js';
import type { Diagnostic } from './visitor.js';

const PROTOCOL: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['protocolIdentifier']) };
const OPTIONS: Template = {
  id: 257,
  scopeFieldCount: 1,
  fields: fieldsOf(['meteringProcessId', 'protocolIdentifier']),
};

function decode(session: TransportSession, ...messages: Uint8Array[]): Recorder {
  const recorder = new Recorder();
  for (const message of messages) session.decode(message, recorder);
  return recorder;
}

describe('Templates', () => {
  test('a repetition is not told, a change is, and keeps nothing of the old', () => {
    const session = new TransportSession();
    const changed = { ...PROTOCOL, fields: fieldsOf(['ipVersion', 'protocolIdentifier']) };
    const recorder = decode(session, messageOf({}, [PROTOCOL]), messageOf({}, [PROTOCOL]), messageOf({}, [changed]));
    expect(recorder.events).toEqual(['template 1:256', 'template 1:256']);
    const [set] = decode(session, messageOf({}, [], [[256, [4, 6]]])).sets;
    expect(decodeRecords(set!)).toEqual([{ record: { ipVersion: 4, protocolIdentifier: 6 } }]);
    expect([session.counters.templates, session.templateCount]).toEqual([3, 1]);
  });

  test('are those of one Observation Domain', () => {
    const session = new TransportSession();
    const recorder = decode(session, messageOf({ domain: 1 }, [PROTOCOL]), messageOf({ domain: 2 }, [], [[256, [6]]]));
    expect(recorder.events).toEqual(['template 1:256', 'unknown 2:256 1']);
    expect(session.counters).toMatchObject({ unknownTemplateSets: 1, records: 0, malformedMessages: 0 });
  });

  test('are withdrawn one by one', () => {
    const session = new TransportSession();
    const withdrawal = rawMessage([2, 1, 0, 0, 0, 1, 0, 0, 0]);
    const recorder = decode(session, messageOf({}, [PROTOCOL]), withdrawal, messageOf({}, [], [[256, [6]]]));
    expect(recorder.events).toEqual(['template 1:256', 'withdrawal 1:256', 'withdrawal', 'unknown 1:256 1']);
  });

  test('are withdrawn all at once, each kind by its Set', () => {
    const session = new TransportSession();
    const other = { ...PROTOCOL, id: 300 };
    decode(session, messageOf({}, [PROTOCOL, OPTIONS, other]));
    expect(decode(session, rawMessage([2, 0, 2, 0, 0])).events).toEqual(['withdrawal 1:256', 'withdrawal 1:300']);
    expect(session.templateCount).toBe(1);
    expect(decode(session, rawMessage([3, 0, 3, 0, 0])).events).toEqual(['withdrawal 1:257']);
    expect(decode(session, rawMessage([3, 0, 3, 0, 0])).events).toEqual([]);
    expect(session.templateCount).toBe(0);
  });
});

describe('Templates over UDP', () => {
  test('are not withdrawn (RFC 7011 section 8.4)', () => {
    const session = new TransportSession({}, undefined, { datagrams: true });
    const withdrawals = [rawMessage([2, 1, 0, 0, 0]), rawMessage([2, 0, 2, 0, 0])];
    const recorder = decode(session, messageOf({}, [PROTOCOL]), ...withdrawals, messageOf({}, [], [[256, [6]]]));
    expect(recorder.events).toEqual(['template 1:256', 'withdrawal', 'withdrawal', 'data 256']);
    expect(recorder.diagnostics[0]).toMatchObject({
      offset: 20,
      setId: 2,
      detail: 'of Template 256, not allowed over UDP',
    });
  });

  test('expire where they are not repeated, by the clock of the exporter', () => {
    const session = new TransportSession();
    const at = (exportTime: number, ...templates: Template[]) =>
      decode(session, messageOf({ exportTime }, templates), messageOf({ exportTime, domain: 2 }, []));
    at(1000, PROTOCOL, OPTIONS);
    at(1500, OPTIONS);
    const recorder = new Recorder();
    session.expireTemplates(500, recorder);
    expect(recorder.events).toEqual([]);
    at(1501);
    session.expireTemplates(500, recorder);
    expect(recorder.events).toEqual(['withdrawal 1:256']);
    expect(decode(session, messageOf({}, [], [[256, [6]]])).events).toEqual(['unknown 1:256 1']);
    const restored = TransportSession.restore(session.save());
    restored.expireTemplates(0, recorder);
    expect(restored.templateCount).toBe(1);
  });
});

describe('Data Sets', () => {
  test('padding is no record', () => {
    const wide = { ...PROTOCOL, fields: fieldsOf(['sourceIPv4Address']) };
    const session = new TransportSession();
    decode(session, messageOf({}, [wide]));
    const recorder = decode(session, rawMessage([256, 192, 0, 2, 1, 0, 0, 0]));
    expect(recordCount(recorder.sets[0]!)).toBe(1);
    expect(recorder.diagnostics).toEqual([]);
    expect(decode(session, rawMessage([256, 0, 0, 0])).events).toEqual([]);
    expect(session.counters.records).toBe(1);
  });

  test('values of variable length, with a short and a long length', () => {
    const named = { ...PROTOCOL, fields: fieldsOf(['interfaceName', 'protocolIdentifier']) };
    const long = Array.from({ length: 300 }, () => 0x61);
    const session = new TransportSession();
    const records = [
      [256, [2, 0x6c, 0x6f, 6]],
      [256, [255, 1, 44, ...long, 17]],
      [256, [0, 1]],
    ] as const;
    const [set] = decode(session, messageOf({}, [named], records)).sets;
    expect(recordCount(set!)).toBe(3);
    expect(decodeRecords(set!)).toEqual([
      { record: { interfaceName: 'lo', protocolIdentifier: 6 } },
      { record: { interfaceName: 'a'.repeat(300), protocolIdentifier: 17 } },
      { record: { interfaceName: '', protocolIdentifier: 1 } },
    ]);
  });

  test('a record that overruns its Set ends it; those before it count', () => {
    const named = { ...PROTOCOL, fields: fieldsOf(['interfaceName']) };
    const session = new TransportSession();
    const recorder = decode(session, messageOf({}, [named]), rawMessage([256, 1, 0x61, 9, 0x62]));
    expect(recorder.events).toEqual(['template 1:256', 'record-truncated', 'data 256']);
    expect(decodeRecords(recorder.sets[0]!)).toEqual([{ record: { interfaceName: 'a' } }]);
    expect(session.counters).toMatchObject({ records: 1, malformedMessages: 1 });
  });

  test('elements without a name, padding elements and repeated ones', () => {
    const fields = [
      { id: 99, enterprise: 99999, length: 2 },
      ...fieldsOf([['paddingOctets', 1], 'protocolIdentifier', 'protocolIdentifier', 'protocolIdentifier']),
    ];
    const message = messageOf({}, [{ ...PROTOCOL, fields }], [[256, [1, 2, 0, 6, 17, 1]]]);
    const [set] = decode(new TransportSession(), message).sets;
    expect(decodeRecords(set!)).toEqual([{ record: { '99999:99': '0102', protocolIdentifier: [6, 17, 1] } }]);
  });
});

describe('malformed Messages', () => {
  const template = messageOf({}, [PROTOCOL], [[256, [6]]]);
  const patched = (at: number, ...octets: number[]) => {
    const bytes = template.slice();
    bytes.set(octets, at);
    return bytes;
  };

  test.each<[string, Uint8Array]>([
    ['message-short', template.subarray(0, 15)],
    ['version', patched(0, 0, 8)],
    ['message-length', patched(2, 0, 15)],
  ])('%s: nothing is read', (reason, message) => {
    const session = new TransportSession();
    expect(decode(session, message).events).toEqual([reason]);
    expect(session.counters).toMatchObject({ messages: 1, malformedMessages: 1, records: 0, templates: 0 });
    expect(session.save()).toEqual({ domains: [] });
  });

  const whole = rawMessage([2, 1, 0, 0, 1, 0, 4, 0, 1], [256, 6], [256, 17]);
  const cut = (at: number, length: number) => {
    const bytes = whole.slice();
    bytes.set([length >> 8, length & 255], at + 2);
    return bytes;
  };
  test.each<[string, Uint8Array, string[], Partial<Diagnostic>]>([
    // Sets at 16, 28 and 33.
    ['the Message ends before its last Set', whole.subarray(0, 36), ['256'], { reason: 'message-length', offset: 2 }],
    ['a Set of no octets', cut(33, 0), ['256'], { reason: 'set-length', offset: 33, setId: 256 }],
    ['a Set shorter than its header', cut(33, 3), ['256'], { reason: 'set-length', offset: 33, setId: 256 }],
    ['a Set longer than the Message', cut(33, 0xffff), ['256'], { reason: 'set-length', offset: 33, setId: 256 }],
    ['octets that are too few for a Set', cut(33, 4), ['256'], { reason: 'set-length', offset: 37 }],
    ['the first Set', cut(16, 3), [], { reason: 'set-length', offset: 16, setId: 2 }],
  ])('%s: the Sets before are read', (_, message, sets, diagnostic) => {
    const session = new TransportSession();
    const recorder = decode(session, message);
    expect(recorder.sets.map(({ template }) => String(template.id))).toEqual(sets);
    expect(recorder.diagnostics).toMatchObject([diagnostic]);
    expect(session.counters).toMatchObject({ messages: 1, malformedMessages: 1, records: sets.length });
    // How many records were sent is not known, so that none is missed in the next Message.
    decode(session, messageOf({ sequence: 7 }, [], [[256, [6]]]));
    expect(session.counters.lostRecords).toBe(0);
  });

  test.each<[string, number[]]>([
    ['template-id', [2, 0, 255, 0, 1, 0, 4, 0, 1]],
    ['template-truncated', [2, 1, 0, 0, 2, 0, 4, 0, 1]],
    ['template-truncated', [2, 1, 0, 0, 1, 0x80, 4, 0, 1, 0, 0]],
    ['template-empty', [2, 1, 0, 0, 1, 0, 4, 0, 0]],
    ['template-scope', [3, 1, 0, 0, 1, 0, 0, 0, 4, 0, 1]],
    ['template-scope', [3, 1, 0, 0, 1, 0, 2, 0, 4, 0, 1]],
    ['set-id', [4, 0, 0, 0, 0]],
  ])('%s: the other Sets are read', (reason, set) => {
    const session = new TransportSession();
    const recorder = decode(session, rawMessage(set, [2, 1, 1, 0, 1, 0, 4, 0, 1], [257, 6]));
    expect(recorder.events).toEqual([reason, 'template 1:257', 'data 257']);
    expect(recorder.diagnostics[0]).toMatchObject({ offset: set[0] === 4 ? 16 : 20, setId: set[0] });
    expect(session.counters).toMatchObject({ malformedMessages: 1, records: 1, templates: 1 });
  });

  test.each<[string, Uint8Array, string[]]>([
    ['a Set longer than the Message', cut(33, 7), ['set-length']],
    ['a Set shorter than its header', cut(33, 3), ['set-length']],
    [
      'a Message longer than the datagram',
      Uint8Array.from(whole, (octet, i) => (i === 3 ? 99 : octet)),
      ['message-length'],
    ],
    ['a value longer than its Set', rawMessage([257, 1, 0x61], [257, 9, 0x62]), ['record-truncated']],
    ['a Template longer than its Set', rawMessage([257, 1, 0x61], [2, 1, 2, 0, 2, 0, 4, 0, 1]), ['template-truncated']],
  ])('%s has the Message discarded whole where that is asked for (RFC 7011 section 9.1)', (_what, message, events) => {
    const session = new TransportSession({}, undefined, { discardMalformed: true });
    const named = { id: 257, fields: fieldsOf(['interfaceName']), scopeFieldCount: 0 };
    decode(session, messageOf({}, [PROTOCOL, named], [[257, [1, 0x61]]]));
    expect(decode(session, message).events).toEqual(events);
    expect(session.counters).toMatchObject({ malformedMessages: 1, records: 1 });
    expect(decode(session, messageOf({}, [], [[257, [1, 0x61]]])).events).toEqual(['data 257']);
  });

  test.each([
    [0, 'template-truncated'],
    [4, 'set-id'],
  ])('what is in a Set of ID %d is skipped, and its Message kept', (id, reason) => {
    const session = new TransportSession({}, undefined, { discardMalformed: true });
    const message = rawMessage([2, 1, 0, 0, 1, 0, 4, 0, 1], [id, 1, 1, 1, 1], [256, 17]);
    expect(decode(session, message).events).toEqual(['template 1:256', reason, 'data 256']);
  });

  test('octets behind the Message are told', () => {
    const recorder = decode(new TransportSession(), Uint8Array.of(...template, 1, 2));
    expect(recorder.events).toEqual(['template 1:256', 'data 256', 'trailing-octets']);
  });
});

describe('limits', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => ({ ...PROTOCOL, id: 256 + i }));
  const broad = (fields: number) => ({
    ...PROTOCOL,
    fields: Array.from({ length: fields }, () => PROTOCOL.fields[0]!),
  });

  test.each<[Partial<SessionLimits>, Template[], number]>([
    [{ templatesPerDomain: 3 }, many(5), 3],
    [{ fieldsPerTemplate: 4 }, [broad(5)], 0],
    [{ fields: 4 }, many(6), 4],
  ])('%j holds', (limits, templates, kept) => {
    const session = new TransportSession(limits);
    const recorder = decode(session, messageOf({}, templates));
    expect(session.templateCount).toBe(kept);
    expect(session.counters).toMatchObject({ templates: kept, templatesRefused: templates.length - kept });
    expect(recorder.diagnostics.every(diagnostic => diagnostic.reason === 'template-limit')).toBe(true);
  });

  test('withdrawn Templates make room', () => {
    const session = new TransportSession({ fields: 2 });
    const messages = [messageOf({}, many(2)), rawMessage([2, 0, 2, 0, 0]), messageOf({}, many(2))];
    decode(session, ...messages);
    expect(session.counters).toMatchObject({ templates: 4, templatesRefused: 0 });
  });

  test('a definition that is refused does not leave the old one to misread with', () => {
    const session = new TransportSession({ fieldsPerTemplate: 1 });
    const recorder = decode(session, messageOf({}, [PROTOCOL]), messageOf({}, [broad(2)], [[256, [6, 6]]]));
    expect(recorder.events).toEqual(['template 1:256', 'template-limit', 'unknown 1:256 2']);
  });

  test('Observation Domains beyond the limit leave nothing behind', () => {
    const session = new TransportSession({ domains: 2 });
    const messages = [1, 2, 3, 4].map(domain => messageOf({ domain }, [PROTOCOL], [[256, [6]]]));
    const recorder = decode(session, ...messages);
    expect(recorder.events.slice(4)).toEqual([
      ...['domain-limit', 'template-limit', 'unknown 3:256 1'],
      ...['domain-limit', 'template-limit', 'unknown 4:256 1'],
    ]);
    expect(session.counters).toMatchObject({ records: 2, templatesRefused: 2, unknownTemplateSets: 2 });
    expect(session.save().domains.map(domain => domain.id)).toEqual([1, 2]);
  });
});

describe('state', () => {
  test('each SCTP stream has sequence numbers of its own, and all have the same Templates', () => {
    const session = new TransportSession();
    const send = (stream: number, sequence: number) =>
      session.decode(messageOf({ sequence }, [], [[256, [6]]]), { dataSet() {} }, stream);
    session.decode(messageOf({ sequence: 0 }, [PROTOCOL], []), { dataSet() {} });
    for (const sequence of [0, 1, 2]) for (const stream of [0, 1, 7]) send(stream, sequence);
    expect(session.counters).toMatchObject({ records: 9, lostRecords: 0, outOfOrder: 0, restarts: 0 });
    send(7, 5);
    expect(session.counters).toMatchObject({ records: 10, lostRecords: 2 });
  });

  test('Templates and sequence outlive a restart, as JSON', () => {
    const session = new TransportSession();
    decode(session, messageOf({ sequence: 10 }, [PROTOCOL, OPTIONS], [[256, [6]]]));
    const restored = TransportSession.restore(JSON.parse(JSON.stringify(session.save())));
    expect(restored.save()).toEqual(session.save());
    const recorder = decode(restored, messageOf({ sequence: 14 }, [], [[256, [17]]]));
    expect(recorder.events).toEqual(['data 256']);
    expect(restored.counters).toMatchObject({ lostRecords: 3, records: 1 });
  });

  test('is kept within the limits', () => {
    const session = new TransportSession();
    decode(session, messageOf({ domain: 1 }, [PROTOCOL, OPTIONS]), messageOf({ domain: 2 }, [PROTOCOL]));
    const restored = TransportSession.restore(session.save(), { domains: 1, templatesPerDomain: 1 });
    expect(restored.templateCount).toBe(1);
  });

  test('loss is counted for each Observation Domain, over Data Records of Options Templates too', () => {
    const session = new TransportSession();
    const record = [257, [0, 0, 0, 1, 6]] as const;
    const message = (domain: number, sequence: number) => messageOf({ domain, sequence }, [OPTIONS], [record, record]);
    decode(session, message(1, 0), message(2, 50), message(1, 2), message(2, 60));
    expect(session.counters).toMatchObject({ lostRecords: 8, records: 8, outOfOrder: 0, restarts: 0 });
  });
});
