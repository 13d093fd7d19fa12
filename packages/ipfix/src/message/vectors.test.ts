import { beforeEach, describe, expect, test } from 'vitest';
import { differences, fieldsIn, headerDifferences, type OurField } from '../testing/agreement.js';
import { dissect, recordsIn } from '../testing/pdml.js';
import { templateDifferences, templatesIn } from '../testing/template-agreement.js';
import { needTshark } from '../testing/tshark.js';
import { allExporters, exporters, haveVectors, needVectors } from '../testing/vectors.js';
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

describe('real export datagrams', () => {
  beforeEach(needVectors);

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

  test.for([...allExporters().keys()])('%s: tshark reads the same, field by field', (source, context) => {
    needTshark(context);
    const messages = allExporters().get(source)!;
    const { same, lines } = compare(messages);
    expect(lines).toEqual([]);
    // One options record of two fields is the least that there is.
    expect(same).toBeGreaterThan(messages.length);
  });
});

describe.skipIf(!haveVectors)('datagrams cut short', () => {
  test.each([...exporters().keys()])('%s: at every octet, the whole Sets are read', exporter => {
    for (const message of exporters().get(exporter)!) {
      let before = 0;
      for (let length = 0; length <= message.length; length++) {
        const session = new TransportSession();
        for (const each of exporters().get(exporter)!) session.decode(each, { dataSet() {} });
        const { records, templates, malformedMessages } = session.counters;
        session.decode(message.subarray(0, length), { dataSet() {} });
        const read = session.counters.records - records + session.counters.templates - templates;
        expect(read).toBeGreaterThanOrEqual(before);
        expect(session.counters.malformedMessages - malformedMessages).toBe(length < message.length ? 1 : 0);
        before = read;
      }
      expect(before).toBeGreaterThan(0);
    }
  });
});
