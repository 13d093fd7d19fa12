import { describe, expect, test } from 'vitest';
import { compileDecoder } from '../template/decoder.js';
import { bindAll } from '../testing/columns.js';
import { Recorder } from '../testing/messages.js';
import { haveTshark, tsharkFields } from '../testing/tshark.js';
import { exporters, haveVectors } from '../testing/vectors.js';
import { decodeRecords } from './records.js';
import { TransportSession } from './session.js';
import type { DataSet } from './visitor.js';

/** tshark's field -> our element. */
const FIELDS: Record<string, string> = {
  'cflow.srcaddr': 'sourceIPv4Address',
  'cflow.dstaddr': 'destinationIPv4Address',
  'cflow.srcaddrv6': 'sourceIPv6Address',
  'cflow.dstaddrv6': 'destinationIPv6Address',
  'cflow.srcport': 'sourceTransportPort',
  'cflow.dstport': 'destinationTransportPort',
  'cflow.protocol': 'protocolIdentifier',
  'cflow.octets': 'octetDeltaCount',
  'cflow.packets': 'packetDeltaCount',
  'cflow.inputint': 'ingressInterface',
  'cflow.post_natsource_ipv4_address': 'postNATSourceIPv4Address',
  'cflow.flow_end_reason': 'flowEndReason',
  'cflow.ttl_max': 'maximumTTL',
};

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

  test.skipIf(!haveTshark).each(['mikrotik', 'openbsd', 'vmware', 'netscaler'])(
    '%s: tshark reads the same values',
    name => {
      const messages = exporters().get(name)!;
      const { records } = recordsOf(messages);
      const theirs = tsharkFields(messages, Object.keys(FIELDS));
      let compared = 0;
      for (const [field, element] of Object.entries(FIELDS)) {
        const ours = records.flatMap(record => (record[element] === undefined ? [] : [String(record[element])]));
        expect([field, theirs.get(field)]).toEqual([field, ours]);
        compared += ours.length;
      }
      expect(compared).toBeGreaterThan(20);
    },
  );
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
  if (cut.length >= 16 && random(2)) cut.set([0, 10, cut.length >> 8, cut.length & 255]);
  return cut;
}

describe.skipIf(!haveVectors)('mutated datagrams', () => {
  test.each([...exporters().keys()])('%s: no throw, and every Message is counted', exporter => {
    const messages = exporters().get(exporter)!;
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
