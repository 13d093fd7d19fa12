import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { type DataSet, decodeRecords, MessageSplitter, TransportSession } from '@weir/ipfix';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Exporter, NO_REFRESH } from '../exporting/exporter.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import { flow, ManualClock } from '../exporting/testing/fakes.js';
import { fileNameAt, problemOfPattern } from './file-name.js';
import { type FileOptions, FileSink } from './file-sink.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(joinPath(tmpdir(), 'weir-file-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const lines: string[] = [];
const log = (line: string) => lines.push(line);

function exporting(path: string, options: Partial<FileOptions> = {}) {
  const clock = new ManualClock();
  const sink = new FileSink({ path, clock, log, ...options });
  const exporter = new Exporter(
    new IpfixEncoder(5, new FlowTemplates(parseFields('default'))),
    sink,
    clock,
    NO_REFRESH,
  );
  let next = 0;
  const exportSome = (count: number) => {
    exporter.refresh();
    for (let i = 0; i < count; i++) exporter.export(flow({ flowId: next++, translated: i % 2 === 0 }));
    exporter.flush();
  };
  return { clock, exporter, exportSome };
}

function read(path: string) {
  const session = new TransportSession();
  const diagnostics: unknown[] = [];
  const splitter = new MessageSplitter(diagnostic => diagnostics.push(diagnostic));
  const flowIds: unknown[] = [];
  for (const { bytes } of [...splitter.push(readFileSync(path)), ...splitter.end()]) {
    session.decode(bytes, {
      dataSet: (set: DataSet) => flowIds.push(...Array.from(decodeRecords(set), ({ record }) => record.flowId)),
      diagnostic: diagnostic => diagnostics.push(diagnostic),
    });
  }
  return { flowIds, diagnostics, counters: session.counters };
}

const upTo = (end: number, start = 0) => Array.from({ length: end - start }, (_, i) => start + i);

describe('one file', () => {
  test('holds what was exported', () => {
    const path = joinPath(directory, 'flows.ipfix');
    const { exporter, exportSome } = exporting(path);
    exportSome(500);
    exporter.close();
    expect(read(path)).toMatchObject({
      flowIds: upTo(500),
      diagnostics: [],
      counters: { lostRecords: 0, templates: 2 },
    });
  });

  test('is continued where it is there, behind its last whole Message, with all Templates withdrawn', () => {
    const path = joinPath(directory, 'flows.ipfix');
    const first = exporting(path);
    first.exportSome(10);
    first.exporter.close();
    appendFileSync(path, readFileSync(path).subarray(0, 50));
    const second = exporting(path);
    second.exportSome(20);
    second.exporter.close();
    const { flowIds, diagnostics, counters } = read(path);
    expect(flowIds).toEqual([...upTo(10), ...upTo(20)]);
    expect(diagnostics).toEqual([]);
    expect(counters).toMatchObject({ lostRecords: 0, unknownTemplateSets: 0 });
  });

  test('is left alone where it is something else', () => {
    const path = joinPath(directory, 'notes.txt');
    writeFileSync(path, 'nothing to do with flows');
    expect(() => exporting(path)).toThrow(/no IPFIX file/);
    expect(readFileSync(path, 'utf8')).toBe('nothing to do with flows');
  });

  test('that cannot be made is an error that says why', () => {
    expect(() => exporting(joinPath(directory, 'missing', 'flows.ipfix'))).toThrow(/ENOENT.*directory/);
  });

  test('a full disk costs what comes meanwhile, counted, and leaves whole Messages', ({ skip }) => {
    if (!existsSync('/dev/full')) skip('no /dev/full');
    lines.length = 0;
    const { exporter, exportSome } = exporting('/dev/full');
    exportSome(10);
    exportSome(10);
    exporter.close();
    expect(exporter.counters).toMatchObject({ flowRecords: 20, unsentRecords: 20 });
    expect(lines).toEqual([expect.stringMatching(/\/dev\/full cannot be written \(ENOSPC\)/)]);
  });
});

describe('rotation', () => {
  test('each file stands by itself, and has its name when it is complete', () => {
    const { clock, exporter, exportSome } = exporting(joinPath(directory, '%Y%m%d-%H%M%S.ipfix'), {
      rotateSeconds: 60,
    });
    for (let minute = 0; minute < 3; minute++) {
      exportSome(50);
      clock.now += 30_000;
      exportSome(50);
      clock.now += 30_000;
    }
    expect(readdirSync(directory).filter(name => name.endsWith('.part')).length).toBe(1);
    exporter.close();
    const files = readdirSync(directory).sort();
    // The clock begins at 03:04:05 and each minute has two looks, at :05 and :35.
    expect(files).toEqual(['20260102-030405.ipfix', '20260102-030505.ipfix', '20260102-030605.ipfix']);
    files.forEach((name, i) => {
      const { flowIds, diagnostics, counters } = read(joinPath(directory, name));
      expect(flowIds).toEqual(upTo((i + 1) * 100, i * 100));
      expect(diagnostics).toEqual([]);
      expect(counters).toMatchObject({ lostRecords: 0, templates: 2, unknownTemplateSets: 0 });
    });
  });

  test('by size: no file is larger, nothing is lost, no name is used twice', () => {
    const { exporter, exportSome } = exporting(joinPath(directory, 'flows-%Y.ipfix'), { rotateOctets: 20_000 });
    for (let i = 0; i < 20; i++) exportSome(50);
    exporter.close();
    const files = readdirSync(directory);
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) expect(readFileSync(joinPath(directory, name)).length).toBeLessThanOrEqual(20_000);
    const all = files.flatMap(name => read(joinPath(directory, name)).flowIds as number[]);
    expect(all.sort((a, b) => a - b)).toEqual(upTo(1000));
  });

  test('a directory that goes away costs what comes meanwhile, and is written again when it is back', () => {
    const inner = mkdtempSync(joinPath(directory, 'inner-'));
    const { clock, exporter, exportSome } = exporting(joinPath(inner, '%s.ipfix'), { rotateSeconds: 10 });
    exportSome(10);
    rmSync(inner, { recursive: true });
    lines.length = 0;
    clock.now += 10_000;
    exportSome(10);
    expect(exporter.counters.unsentRecords).toBe(10);
    expect(lines.join()).toMatch(/ENOENT/);
  });
});

test('the time in a name', () => {
  expect(fileNameAt('/var/%Y/%m-%d/%H%M%S %s %%', Date.UTC(2026, 0, 2, 3, 4, 5))).toBe(
    '/var/2026/01-02/030405 1767323045 %',
  );
  expect(problemOfPattern('/var/flows-%Y%m%d.ipfix')).toBeUndefined();
  expect(problemOfPattern('/var/flows.ipfix')).toMatch(/no time/);
  expect(problemOfPattern('/var/%q')).toMatch(/"%q"/);
});
