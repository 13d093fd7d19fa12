import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DecodedRecord, decodeRecords } from '../message/records.js';
import { TransportSession } from '../message/session.js';
import type { Diagnostic } from '../message/visitor.js';
import { fieldsOf, type Template } from '../template/template.js';
import { messageOf, Recorder } from '../testing/messages.js';
import { needTshark, tshark } from '../testing/tshark.js';
import { md5 } from './md5.js';
import { readFile } from './reader.js';
import { type FileDetails, FileWriter } from './writer.js';

const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(['octetDeltaCount']) };

/** Messages of one Observation Domain: message i has i + 1 records, the first also the Template. */
function messages(count: number): Uint8Array[] {
  let sequence = 0;
  return Array.from({ length: count }, (_, i) => {
    const records = Array.from({ length: i + 1 }, (_, k) => [256, [0, 0, 0, 0, 0, 0, i, k]] as const);
    const message = messageOf({ sequence }, i === 0 ? [template] : [], records);
    sequence += records.length;
    return message;
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap(part => [...part]));
}

/** Reads a file that comes in chunks of that many octets. */
async function read(file: Uint8Array, chunk = file.length) {
  const chunks = Array.from({ length: Math.ceil(file.length / chunk) }, (_, i) =>
    file.subarray(i * chunk, (i + 1) * chunk),
  );
  const diagnostics: Diagnostic[] = [];
  const found: Uint8Array[] = [];
  const offsets: number[] = [];
  for await (const { bytes, offset } of readFile(chunks, each => diagnostics.push(each))) {
    found.push(bytes);
    offsets.push(offset);
  }
  return { found, offsets, diagnostics };
}

function recordsOf(found: readonly Uint8Array[]) {
  const session = new TransportSession();
  const recorder = new Recorder();
  const records: DecodedRecord[] = [];
  for (const message of found) {
    recorder.sets.length = 0;
    session.decode(message, recorder);
    records.push(...recorder.sets.flatMap(set => decodeRecords(set)));
  }
  return { records, session, diagnostics: recorder.diagnostics };
}

test('MD5 is that of others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      expect(Buffer.from(md5(bytes)).toString('hex')).toBe(createHash('md5').update(bytes).digest('hex'));
    }),
  );
});

describe('reading', () => {
  test.each([1, 7, 16, 100, 100_000])('Messages one behind the other, in chunks of %d octets', async chunk => {
    const all = messages(10);
    const { found, offsets, diagnostics } = await read(joined(all), chunk);
    expect(found).toEqual(all);
    expect(offsets[2]).toBe(all[0]!.length + all[1]!.length);
    expect(diagnostics).toEqual([]);
  });

  test.each([1, 13, 100_000])('goes on behind damaged octets, in chunks of %d', async chunk => {
    const all = messages(6);
    const at = all[0]!.length + all[1]!.length;
    for (const [place, value] of [
      // The version, the length too long, too short, far too long, the length of a Set.
      [1, 9],
      [3, all[2]![3]! + 1],
      [3, all[2]![3]! - 1],
      [2, 0xff],
      [19, 3],
    ] as const) {
      const file = joined(all);
      file[at + place] = value;
      const { found, diagnostics } = await read(file, chunk);
      expect(found).toEqual(all.filter((_, i) => i !== 2));
      const detail = `${all[2]!.length} octets are no whole Message`;
      expect(diagnostics).toEqual([{ reason: 'file-damaged', detail, offset: at }]);
    }
  });

  test('octets before, between and behind the Messages', async () => {
    const [first, second] = messages(2);
    const rubbish = Uint8Array.of(0, 10, 0, 17, 1, 0, 10);
    const { found, diagnostics } = await read(
      joined([rubbish, first!, Uint8Array.of(0, 0), second!, rubbish.subarray(5)]),
    );
    expect(found).toEqual([first, second]);
    expect(diagnostics.map(each => each.detail.split(' ')[0])).toEqual(['7', '2', '2']);
  });

  test('a file cut off anywhere gives its whole Messages', async () => {
    const all = messages(3);
    const file = joined(all);
    for (let length = 0; length < file.length; length++) {
      const { found, diagnostics } = await read(file.subarray(0, length), 64);
      const whole = length < all[0]!.length ? 0 : length < all[0]!.length + all[1]!.length ? 1 : 2;
      expect(found).toEqual(all.slice(0, whole));
      const rest = length - all.slice(0, whole).reduce((sum, each) => sum + each.length, 0);
      expect(diagnostics).toHaveLength(rest === 0 ? 0 : 1);
    }
  });

  test('any octets: all are accounted for, and it ends', async () => {
    const byte = fc.oneof(fc.constantFrom(0, 10, 4, 16), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(byte, { maxLength: 400 }), fc.integer({ min: 1, max: 100 }), async (octets, chunk) => {
        const { found, diagnostics } = await read(Uint8Array.from(octets), chunk);
        const damaged = diagnostics.reduce((sum, each) => sum + Number.parseInt(each.detail, 10), 0);
        expect(found.reduce((sum, each) => sum + each.length, 0) + damaged).toBe(octets.length);
      }),
      { numRuns: 300, seed: 5655 },
    );
  });
});

describe('writing', () => {
  const details: FileDetails = {
    session: {
      exporterIPv4Address: '192.0.2.1',
      exporterTransportPort: 4739,
      minExportSeconds: '2027-01-15T08:00:00Z',
    },
    message: { collectionTimeMilliseconds: '2027-01-15T08:00:00.123Z' },
  };

  test('without anything to add, the Messages as they are', () => {
    const writer = new FileWriter();
    expect(messages(3).map(each => writer.add(each))).toEqual(messages(3));
  });

  test('goes out and comes back, with checksums and details', async () => {
    const writer = new FileWriter({ checksum: true });
    const file = joined(messages(4).map((each, i) => writer.add(each, i === 0 ? details : {})));
    const { found, diagnostics } = await read(file, 50);
    expect([found.length, diagnostics]).toEqual([4, []]);
    const { records, session, diagnostics: wrong } = recordsOf(found);
    expect(wrong).toEqual([]);
    expect(session.counters).toMatchObject({
      records: 10 + 4 + 2,
      lostRecords: 0,
      outOfOrder: 0,
      malformedMessages: 0,
    });
    expect(records.filter(each => each.scope === undefined)).toHaveLength(10);
    expect(records[1]).toEqual({ scope: { sessionScope: 0 }, record: details.session });
    expect(records[2]).toEqual({ scope: { messageScope: 0 }, record: details.message });
    expect(records[3]!.record.messageMD5Checksum).toMatch(/^[0-9a-f]{32}$/);
    expect(writer.withoutOptions).toBe(0);
  });

  test.each([true, false])(
    'a checksum that a Message carries stays the only one, and right (checksum: %s)',
    async checksum => {
      const first = new FileWriter({ checksum: true });
      const second = new FileWriter({ checksum });
      const rewritten = messages(3).map(each => second.add(first.add(each), details));
      const { found, diagnostics } = await read(joined(rewritten));
      expect([found.length, diagnostics]).toEqual([3, []]);
      const { records, session } = recordsOf(found);
      expect(records.filter(each => each.record.messageMD5Checksum !== undefined)).toHaveLength(3);
      expect(session.counters).toMatchObject({ lostRecords: 0, malformedMessages: 0 });
      rewritten[1]![40]! ^= 1;
      expect((await read(joined(rewritten))).diagnostics).toMatchObject([{ reason: 'checksum' }]);
    },
  );

  test('every changed octet is noticed', async () => {
    const writer = new FileWriter({ checksum: true });
    const [first, second] = messages(2).map(each => writer.add(each));
    for (let at = 0; at < second!.length; at++) {
      const file = joined([first!, second!]);
      file[first!.length + at]! ^= 0x55;
      const { found, diagnostics } = await read(file);
      // In another Observation Domain, or with another Set ID, the record of the checksum has no Template: there is none then.
      const set = second!.length - 21;
      if ((at >= 12 && at < 16) || at === set || at === set + 1) continue;
      expect([at, found.length, diagnostics.length]).toEqual([at, 1, 1]);
    }
  });

  test('makes way for an exporter that takes its Template IDs, and withdraws all', async () => {
    const taken: Template = {
      id: 65535,
      scopeFieldCount: 1,
      fields: fieldsOf(['observationDomainId', 'octetDeltaCount']),
    };
    const mine = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9];
    const withdrawal = Uint8Array.from([
      0,
      10,
      0,
      24,
      ...[0, 0, 0, 0],
      ...[0, 0, 0, 2],
      ...[0, 0, 0, 1],
      0,
      3,
      0,
      8,
      0,
      3,
      0,
      0,
    ]);
    const all = [
      messageOf({ sequence: 0 }, [template], [[256, new Array<number>(8).fill(1)]]),
      messageOf({ sequence: 1 }, [taken], [[65535, mine]]),
      withdrawal,
      messageOf({ sequence: 2 }, [], [[256, new Array<number>(8).fill(2)]]),
    ];
    const writer = new FileWriter({ checksum: true });
    const { found, diagnostics } = await read(joined(all.map(each => writer.add(each))));
    expect([found.length, diagnostics]).toEqual([4, []]);
    const { records, session, diagnostics: wrong } = recordsOf(found);
    expect(wrong).toEqual([]);
    expect(session.counters).toMatchObject({ records: 3 + 4, lostRecords: 0, unknownTemplateSets: 0 });
    expect(records.filter(each => each.record.messageMD5Checksum !== undefined)).toHaveLength(4);
    expect(records).toContainEqual({ scope: { observationDomainId: 1 }, record: { octetDeltaCount: 9 } });
  });

  test('a Message without room stays as it is, and is counted', async () => {
    const full = messageOf({ sequence: 0 }, [], [[256, new Array<number>(65_500).fill(0)]]);
    const writer = new FileWriter({ checksum: true });
    expect(writer.add(full)).toEqual(full);
    expect(writer.withoutOptions).toBe(1);
    const { found, diagnostics } = await read(joined(messages(2).map(each => writer.add(each))));
    expect([found.length, diagnostics, recordsOf(found).session.counters.lostRecords]).toEqual([2, [], 0]);
  });

  test('refuses what is no Message, and details that are none', () => {
    expect(() => new FileWriter().add(Uint8Array.of(0, 9, 0, 2))).toThrow('not one IPFIX Message');
    expect(() => new FileWriter().add(messages(1)[0]!, { session: { nonsense: 1 } })).toThrow('nonsense');
  });

  test('tshark reads the Messages and their checksums', context => {
    needTshark(context);
    const writer = new FileWriter({ checksum: true });
    const text = tshark(
      messages(2).map((each, i) => writer.add(each, i === 0 ? details : {})),
      '-V',
    ).join('\n');
    expect(text.match(/Message MD5 Checksum|messageMD5Checksum/gi)!.length).toBeGreaterThanOrEqual(2);
    expect(text).toContain('192.0.2.1');
    expect(text).not.toMatch(/Malformed|Unexpected flow sequence/);
  });
});
