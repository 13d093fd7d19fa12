import { beforeEach, describe, expect, test } from 'vitest';
import { decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import type { DataSet } from '../message/visitor.js';
import { encodeRecord } from '../template/encode.js';
import { fieldsOf, type Template } from '../template/template.js';
import { needTshark, tshark } from '../testing/tshark.js';
import { exporters, needVectors } from '../testing/vectors.js';

/** The subTemplateMultiLists of YAF's records, and their octets as we write them again. */
function lists(): { found: unknown[]; octets: string[] } {
  const session = new TransportSession();
  const found: unknown[] = [];
  const octets: string[] = [];
  const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['subTemplateMultiList']) };
  const bytes = new Uint8Array(1000);
  const dataSet = (set: DataSet) => {
    for (const { record } of decodeRecords(set)) {
      if (record.subTemplateMultiList === undefined) continue;
      found.push(record.subTemplateMultiList);
      const length = encodeRecord(template, record, bytes, 0, { templates: set.context!.templates });
      octets.push(Buffer.from(bytes.subarray(3, length)).toString('hex'));
    }
  };
  for (const message of exporters().get('yaf')!) session.decode(message, { dataSet });
  expect(session.counters).toMatchObject({ listsCut: 0, malformedMessages: 0 });
  return { found, octets };
}

describe('lists of YAF', () => {
  beforeEach(needVectors);

  test('are read', () => {
    const records = [
      { sourceMacAddress: '00:0c:29:70:86:09', destinationMacAddress: '00:0c:29:8d:af:c3' },
      { sourceMacAddress: '00:0c:29:8d:af:c3', destinationMacAddress: '00:0c:29:a8:6e:2f' },
    ];
    expect(lists().found).toEqual(
      records.map(record => ({ semantic: 'allOf', list: [{ templateId: 49156, records: [record] }] })),
    );
  });

  // tshark does not look into lists: it prints their octets.
  test('have the octets that tshark prints', context => {
    needTshark(context);
    const printed = tshark(exporters().get('yaf')!, '-V').flatMap(line => {
      const octets = /Type 293: Value \(hex bytes\): ([\da-f ]+)/.exec(line)?.[1];
      return octets === undefined ? [] : [octets.replaceAll(' ', '')];
    });
    expect(printed).toHaveLength(2);
    expect(lists().octets).toEqual(printed);
  });
});
