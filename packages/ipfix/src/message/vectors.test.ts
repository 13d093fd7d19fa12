import { describe, expect, test } from 'vitest';
import { compileDecoder } from '../template/decoder.js';
import { differences, fieldsIn, headerDifferences, type OurField } from '../testing/agreement.js';
import { bindAll } from '../testing/columns.js';
import { Recorder } from '../testing/messages.js';
import { dissect, recordsIn } from '../testing/pdml.js';
import { templateDifferences, templatesIn } from '../testing/template-agreement.js';
import { haveTshark } from '../testing/tshark.js';
import { allExporters, exporters, haveVectors } from '../testing/vectors.js';
import { decodeRecords } from './records.js';
import { TransportSession } from './session.js';
import type { DataSet } from './visitor.js';

function recordsOf(messages: readonly Uint8Array[]): { records: Record<string, unknown>[]; session: TransportSession } {
  const session = new TransportSession();
  const records: Record<string, unknown>[] = [];
  const visitor = { dataSet: (set: DataSet) => void records.push(...recordOf(set)) };
  for (const message of messages) session.decode(message, visitor);
  return { records, session };
}

function recordOf(set: DataSet): Record<string, unknown>[] {
  return decodeRecords(set).map(each => each.record);
}

/** What tshark and we read differently in these Messages, and in how many values we agree. */
function compare(messages: readonly Uint8Array[]): { same: number; lines: string[] } {
  const dissected = dissect(messages);
  const session = new TransportSession();
  const lines: string[] = [];
  let same = 0;
  messages.forEach((message, i) => {
    const ours: OurField[][] = [];
    const theirs = recordsIn(dissected[i]!);
    const templates = new Map(templatesIn(dissected[i]!));
    session.decode(message, {
      message: header => void lines.push(...headerDifferences(header, dissected[i]!)),
      template: (_, template) => {
        lines.push(...templateDifferences(template, templates.get(template.id) ?? []));
        same += template.fields.length;
      },
      // What the header of NetFlow v5 says of sampling is no record to tshark.
      dataSet: set => void (set.template.id === 6 || ours.push(...fieldsIn(set))),
    });
    if (ours.length !== theirs.length) lines.push(`${ours.length} records: ${theirs.length}`);
    ours.slice(0, theirs.length).forEach((record, k) => {
      const compared = differences(record, theirs[k]!);
      same += compared.same;
      lines.push(...compared.lines);
    });
  });
  return { same, lines };
}

describe.skipIf(!haveVectors)('real export datagrams', () => {
  test.each([
    ['juniper', 1, 1],
    ['mikrotik', 46, 2],
    ['netscaler', 3, 7],
    ['openbsd', 26, 2],
    ['vmware', 5, 13],
    ['yaf', 3, 14],
  ])('%s: %d records, %d Templates', (exporter, records, templates) => {
    const decoded = recordsOf(exporters().get(exporter)!);
    expect([decoded.records.length, decoded.session.templateCount]).toEqual([records, templates]);
    expect(decoded.session.counters.malformedMessages).toBe(0);
  });

  test('an Options Data Record, a reverse element, a time', () => {
    const yaf = recordsOf(exporters().get('yaf')!).records;
    expect(yaf.find(record => record.octetTotalCount === 132)).toMatchObject({
      reverseOctetTotalCount: 200,
      flowStartMilliseconds: '2016-12-25T12:58:35.818Z',
      destinationTransportPort: 53,
    });
  });

  test.each([
    ['netflow5', 2, 0],
    ['netflow5 microtik', 30, 0],
    ['netflow9 cisco_asa_1', 14, 13],
    ['netflow9 cisco_nbar', 20, 2],
    ['netflow9 huawei_netstream', 1, 1],
    ['netflow9 juniper_srx', 1, 2],
    ['netflow9 macaddr', 30, 3],
    ['netflow9 softflowd', 7, 2],
    ['netflow9 ubnt_edgerouter', 16, 4],
    ['netflow9 valid01', 7, 2],
  ])('%s: %d records, %d Templates', (exporter, records, templates) => {
    const decoded = recordsOf(allExporters().get(exporter)!);
    expect([decoded.session.counters.records, decoded.session.templateCount]).toEqual([records, templates]);
    expect(decoded.session.counters).toMatchObject({ malformedMessages: 0, unknownTemplateSets: 0 });
  });

  test('old NetFlow v9 field types of a firewall are the elements that they became', () => {
    const [asa] = recordsOf(allExporters().get('netflow9 cisco_asa_1')!).records;
    expect(asa).toMatchObject({
      postNATDestinationIPv4Address: '2.2.2.11',
      firewallEvent: 2,
      userName: '',
      '0:33002': '07e9',
    });
  });

  test.skipIf(!haveTshark).each([...allExporters().keys()])('%s: tshark reads the same, field by field', source => {
    const messages = allExporters().get(source)!;
    const { same, lines } = compare(messages);
    expect(lines).toEqual([]);
    // One options record of two fields is the least that there is.
    expect(same).toBeGreaterThan(messages.length);
  });
});

/** A small generator with a seed (xorshift32), so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Some octets changed, lengths and Set IDs among them, and sometimes the end cut off. */
function mutate(message: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = Uint8Array.from(message);
  const changes = random(8);
  for (let i = 0; i < changes; i++)
    bytes[random(2) ? random(Math.min(64, bytes.length)) : random(bytes.length)] = random(256);
  if (random(4) > 0) return bytes;
  const cut = bytes.subarray(0, random(bytes.length + 1));
  // Half of those keep a header that agrees with their length, to get past the first check.
  if (cut[1] === 10 && cut.length >= 16 && random(2)) cut.set([0, 10, cut.length >> 8, cut.length & 255]);
  return cut;
}

describe.skipIf(!haveVectors)('mutated datagrams', () => {
  test.each([...allExporters().keys()])('%s: no throw, and every Message is counted', exporter => {
    const messages = allExporters().get(exporter)!;
    const random = randomFrom(4739);
    const limits = { domains: 8, templatesPerDomain: 32, fields: 2048 };
    let session = new TransportSession(limits);
    let decoded = 0;
    for (let round = 0; round < 2000; round++) {
      if (round % 100 === 0) session = TransportSession.restore(session.save(), limits);
      const message = mutate(messages[round % messages.length]!, random);
      session.decode(message, {
        dataSet(set) {
          const records = decodeRecords(set).length;
          const decoder = compileDecoder(set.template, bindAll(set.template, records));
          expect(decoder.decode(set.bytes, set.start, set.end, 0, records + 1)).toBe(records);
          decoded += records;
        },
      });
      expect(session.counters.messages).toBe((round % 100) + 1);
      expect(session.templateCount).toBeLessThanOrEqual(8 * 32);
    }
    expect(decoded).toBeGreaterThan(0);
  });

  test.each([...exporters().keys()])('%s: cut off at every octet, nothing is read', exporter => {
    for (const message of exporters().get(exporter)!) {
      const session = new TransportSession();
      for (let length = 0; length < message.length; length++)
        session.decode(message.subarray(0, length), new Recorder());
      expect(session.counters.malformedMessages).toBe(message.length);
      expect(session.counters.records + session.counters.templates).toBe(0);
    }
  });
});
