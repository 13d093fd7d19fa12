import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldsOf, MessageWriter, type Template } from '@weir/ipfix';
import { afterAll, describe, expect, test } from 'vitest';
import { type FileDiagnostic, type FileRecord, openRecords } from './records.js';
import { be16, be32, ethernet, ipv4, links, pcap, pcapng } from './testing/captures.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-files-'));
afterAll(() => rmSync(directory, { recursive: true }));

const template: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf(['sourceIPv4Address', 'octetDeltaCount']),
};

/** A Message with the Template or with one record of 192.0.2.1 and so many octets. */
function message(content: 'template' | number, sequence = 0): Uint8Array {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(7);
  if (content === 'template') writer.addTemplate(template);
  else {
    const at = writer.reserve(256, 12);
    buffer.set([192, 0, 2, 1, 0, 0, 0, 0, 0, 0, content >> 8, content & 255], at);
  }
  return buffer.slice(0, writer.finish(1_700_000_000, sequence));
}

async function read(...contents: Uint8Array[]): Promise<{ records: FileRecord[]; diagnostics: FileDiagnostic[] }> {
  const files = contents.map((content, i) => {
    const file = join(directory, `${i}.bin`);
    writeFileSync(file, content);
    return file;
  });
  return readFiles(files);
}

async function readFiles(files: string[]): Promise<{ records: FileRecord[]; diagnostics: FileDiagnostic[] }> {
  const diagnostics: FileDiagnostic[] = [];
  const records: FileRecord[] = [];
  for await (const record of openRecords(files, diagnostic => diagnostics.push(diagnostic))) records.push(record);
  return { records, diagnostics };
}

const octetsOf = (records: FileRecord[]) => records.map(record => record.record.octetDeltaCount);
describe('plain files', () => {
  test('Messages one after another, Templates of one file hold for the next', async () => {
    const { records, diagnostics } = await read(
      Buffer.concat([message('template'), message(5)]),
      Buffer.concat([message(6, 1), message(700, 2)]),
    );
    expect(diagnostics).toEqual([]);
    expect(octetsOf(records)).toEqual([5, 6, 700]);
    expect(records[0]).toEqual({
      exportTime: '2023-11-14T22:13:20Z',
      observationDomainId: 7,
      templateId: 256,
      record: { sourceIPv4Address: '192.0.2.1', octetDeltaCount: 5 },
    });
  });

  test('NetFlow v5 and v9 among IPFIX, filled with zeros', async () => {
    const netflow9 = [...be16(9), ...be16(2), ...be32(5000), ...be32(1_700_000_000), ...be32(0), ...be32(3)];
    const flowSets = [...be16(0), ...be16(12), ...be16(256), ...be16(1), ...be16(1), ...be16(4)];
    const data = [...be16(256), ...be16(8), ...be32(70)];
    const flow = [10, 0, 0, 1, ...new Array<number>(16).fill(0), ...be32(80), ...new Array<number>(24).fill(0)];
    const netflow5 = [...be16(5), ...be16(1), ...be32(5000), ...be32(1_700_000_000), ...new Array<number>(12).fill(0)];
    const { records, diagnostics } = await read(
      Buffer.concat([
        message('template'),
        Uint8Array.from([...netflow9, ...flowSets, ...data, ...new Array<number>(301).fill(0)]),
        Uint8Array.from([...netflow9, ...data]),
        Uint8Array.from([...netflow5, ...flow, ...new Array<number>(48).fill(0)]),
        message(90),
      ]),
    );
    expect(diagnostics).toEqual([]);
    expect(octetsOf(records)).toEqual([70, 70, 80, 90]);
    expect(records.map(record => [record.observationDomainId, record.templateId])).toEqual([
      [3, 256],
      [3, 256],
      [0, 5],
      [7, 256],
    ]);
    const cut = await read(Uint8Array.from([...netflow9, ...flowSets, ...data.slice(0, 6)]));
    expect(cut.diagnostics).toMatchObject([{ reason: 'set-length', offset: 32 }]);
    expect((await read(Uint8Array.from(netflow5))).diagnostics).toMatchObject([{ reason: 'truncated-file' }]);
  });

  test('garbage, a cut and data without Template are told with their offset', async () => {
    const first = message('template');
    const garbage = await read(Buffer.concat([first, message(5), Buffer.from('hello world, no flow')]));
    expect(octetsOf(garbage.records)).toEqual([5]);
    expect(garbage.diagnostics).toMatchObject([{ reason: 'not-ipfix', offset: first.length + message(5).length }]);
    const cut = await read(Buffer.concat([first, message(5).subarray(0, 20)]));
    expect(cut.diagnostics).toMatchObject([{ reason: 'truncated-file', offset: first.length }]);
    const unknown = await read(message(5));
    expect(unknown.records).toEqual([]);
    expect(unknown.diagnostics).toMatchObject([{ reason: 'unknown-template', setId: 256 }]);
    expect((await read(Uint8Array.of(0, 9, 0, 1))).diagnostics[0]?.detail).toMatch(/cut off: 4 of 20/);
    expect((await read(Uint8Array.of(0, 8, 0, 1))).diagnostics[0]?.detail).toMatch(/no NetFlow v5 or v9/);
    expect(await read(new Uint8Array(0))).toEqual({ records: [], diagnostics: [] });
  });

  test('a file that cannot be opened is one clear line', async () => {
    await expect(readFiles([join(directory, 'nowhere')])).rejects.toThrow(
      /cannot read .*nowhere: there is no such file/,
    );
    await expect(readFiles([directory])).rejects.toThrow(/it is a directory/);
  });
});

describe.each(links)('capture of %s', (_name, linkType, wrap) => {
  const packets = [message('template'), message(5), message(6, 1)].map(wrap);
  test.each([
    ['pcap', pcap(linkType, packets)],
    ['big-endian pcap', pcap(linkType, packets, true)],
    ['pcapng', pcapng(linkType, packets)],
  ])('%s', async (_format, file) => {
    const { records, diagnostics } = await read(file);
    expect(diagnostics).toEqual([]);
    expect(octetsOf(records)).toEqual([5, 6]);
  });
});

test('fragments, other traffic and cut packets in a capture are passed over; a cut capture is told', async () => {
  const data = message(5);
  const packets = [
    ethernet(0x0800, ipv4(message('template'))),
    ethernet(0x0800, ipv4(data, 0x2000)),
    ethernet(0x0806, [...data]),
    ethernet(0x0800, ipv4(Buffer.from('something else entirely'))),
    ethernet(0x0800, ipv4(data)).slice(0, -1),
    ethernet(0x0800, ipv4(data)),
  ];
  const whole = pcap(1, packets);
  expect(octetsOf((await read(whole)).records)).toEqual([5]);
  const { records, diagnostics } = await read(whole.subarray(0, -1));
  expect(records).toEqual([]);
  expect(diagnostics).toMatchObject([{ reason: 'truncated-file' }]);
});

test('mutated files never throw', async () => {
  const wrap = links[3]![2];
  const packets = [message('template'), message(5), message(6, 1)];
  const files = [Buffer.concat(packets), pcap(1, packets.map(wrap)), pcapng(1, packets.map(wrap))];
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let i = 0; i < 300; i++) {
    const file = Uint8Array.from(files[i % 3]!);
    for (let n = random(4); n >= 0; n--) file[random(file.length)] = random(256);
    const { records } = await read(file.subarray(0, file.length - (random(2) && random(file.length))));
    expect(records.length).toBeLessThan(200);
  }
});

const vectors = new URL('../../../../../../shared/data/vectors/', import.meta.url).pathname;
const names = (() => {
  try {
    return readdirSync(vectors);
  } catch {
    console.log('skipped: no directory of captured datagrams beside the repository');
    return [];
  }
})();

test.skipIf(names.length === 0)('datagrams of real exporters, Templates before data', async () => {
  const read = (...files: string[]) => readFiles(files.map(name => join(vectors, `ipfix_test_${name}.dat`)));
  const router = await read('mikrotik_tpl', 'mikrotik_data258');
  expect(router.diagnostics).toEqual([]);
  expect(router.records).toHaveLength(28);
  expect(router.records[0]?.record).toMatchObject({
    sourceIPv4Address: '10.10.8.197',
    destinationTransportPort: 123,
    octetDeltaCount: 152,
    postNATSourceIPv4Address: '192.168.230.216',
  });
  const withoutTemplate = await read('mikrotik_data258');
  expect(withoutTemplate.records).toEqual([]);
  expect(withoutTemplate.diagnostics.map(diagnostic => diagnostic.reason)).toEqual(['unknown-template']);
});
