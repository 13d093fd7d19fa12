import { type DataSet, decodeRecords, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import { Exporter, NO_REFRESH } from './exporter.js';
import { parseFields } from './field-selection.js';
import { FlowTemplates } from './flow-templates.js';
import { IpfixEncoder } from './ipfix-encoder.js';
import { SessionView } from './session-view.js';
import { eachMessage, join, TemplateBook, wholeMessages } from './template-book.js';
import { flow, KeepingSink, ManualClock } from './testing/fakes.js';

/** Messages of 300 records of four kinds, flowId 0 to 299. */
function messages(): Uint8Array[] {
  const sink = new KeepingSink();
  const exporter = new Exporter(
    new IpfixEncoder(5, new FlowTemplates(parseFields('default'))),
    sink,
    new ManualClock(),
    NO_REFRESH,
  );
  for (let i = 0; i < 300; i++) {
    exporter.export(flow({ flowId: i, translated: i % 2 === 0, family: i % 4 < 2 ? 4 : 6 }));
    if (i % 10 === 9) exporter.flush();
  }
  return sink.messages;
}

function decode(bytes: Uint8Array) {
  const session = new TransportSession();
  const flowIds: unknown[] = [];
  eachMessage(bytes, message => {
    session.decode(message, {
      dataSet: (set: DataSet) => flowIds.push(...Array.from(decodeRecords(set), ({ record }) => record.flowId)),
    });
  });
  return { flowIds, counters: session.counters };
}

describe('SessionView', () => {
  test('a session from the beginning is as it was made', () => {
    const all = join(messages());
    expect(Buffer.from(new SessionView(new TemplateBook()).adapt(all, 0)).equals(all)).toBe(true);
  });

  test('a session that begins later has all Templates once, and counts from 0', () => {
    const all = messages();
    const known = new TemplateBook();
    new SessionView(known).adapt(join(all.slice(0, 20)), 0);
    const view = new SessionView(known);
    // The last five of the former session are sent again.
    const bytes = join([view.adapt(join(all.slice(15, 18)), 0), view.adapt(join(all.slice(18)), 0)]);
    const { flowIds, counters } = decode(bytes);
    expect(flowIds).toEqual(Array.from({ length: 150 }, (_, i) => 150 + i));
    expect(counters).toMatchObject({ templates: 4, lostRecords: 0, unknownTemplateSets: 0 });
    expect(Buffer.from(bytes).readUInt32BE(8)).toBe(0);
  });

  test('Templates in the midst that the session has had already are left out', () => {
    const all = messages();
    const known = new TemplateBook();
    for (const message of all) known.learn(message);
    const { flowIds, counters } = decode(new SessionView(known).adapt(join(all), 0));
    expect(flowIds.length).toBe(300);
    expect(counters).toMatchObject({ templates: 4, lostRecords: 0 });
  });

  test('what was dropped between two Messages shows as a gap', () => {
    const all = messages();
    const { counters } = decode(
      new SessionView(new TemplateBook()).adapt(join([...all.slice(0, 5), ...all.slice(8)]), 0),
    );
    expect(counters).toMatchObject({ records: 270, lostRecords: 30 });
  });
});

test('whole Messages are told from what is cut short', () => {
  const bytes = join(messages().slice(0, 2));
  expect(wholeMessages(bytes, 1e9)).toBe(bytes.length);
  expect(wholeMessages(bytes.subarray(0, bytes.length - 1), 1e9)).toBe(messages()[0]!.length);
  expect(wholeMessages(bytes.subarray(0, 30), 1e9)).toBe(0);
  expect(wholeMessages(bytes, 10)).toBe(messages()[0]!.length);
});
