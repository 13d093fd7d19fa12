import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageSplitter, TransportSession } from '@weir/ipfix';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CollectorCounters } from '../exporting/collector-counters.js';
import { Exporter, NO_REFRESH } from '../exporting/exporter.js';
import { parseFields } from '../exporting/field-selection.js';
import { FlowTemplates } from '../exporting/flow-templates.js';
import { IpfixEncoder } from '../exporting/ipfix-encoder.js';
import { TemplateBook } from '../exporting/template-book.js';
import { flow, KeepingSink, ManualClock } from '../exporting/testing/fakes.js';
import { Spool } from './spool.js';
import type { SpoolRun } from './spool-run.js';

let directory = '';
beforeEach(({ skip }) => {
  skip(process.platform !== 'linux', 'locks of Linux');
  directory = mkdtempSync(join(tmpdir(), 'weir-spool-'));
});
afterEach(() => {
  if (directory !== '') rmSync(directory, { recursive: true, force: true });
});

/** Messages of 10 records each. */
function messages(count: number): Uint8Array[] {
  const sink = new KeepingSink();
  const exporter = new Exporter(
    new IpfixEncoder(5, new FlowTemplates(parseFields('default'))),
    sink,
    new ManualClock(),
    NO_REFRESH,
  );
  for (let i = 0; i < count * 10; i++) {
    exporter.export(flow({ flowId: i, translated: i % 2 === 0 }));
    if (i % 10 === 9) exporter.flush();
  }
  return sink.messages;
}

function spoolWith(count: number, limit = 10_000_000) {
  const counters = new CollectorCounters();
  const spool = new Spool(join(directory, 'collector'), limit, counters, () => {});
  const templates = new TemplateBook();
  for (const message of messages(count)) spool.write(message, templates);
  return { spool, counters, templates };
}

function recordsOf(bytes: Uint8Array, session = new TransportSession()) {
  const splitter = new MessageSplitter(({ detail }) => expect.fail(detail));
  for (const message of [...splitter.push(bytes), ...splitter.end()]) session.decode(message.bytes, { dataSet() {} });
  return session.counters;
}

function takeAll(run: SpoolRun | undefined): number {
  const session = new TransportSession();
  for (let chunk = run?.take(); chunk !== undefined; chunk = run?.take()) {
    recordsOf(chunk.bytes, session);
    chunk.delivered?.();
  }
  expect(session.counters).toMatchObject({ lostRecords: 0, unknownTemplateSets: 0 });
  return session.counters.records;
}

const filesOf = (run: SpoolRun) =>
  readdirSync(run.directory)
    .filter(name => name.endsWith('.ipfix'))
    .sort()
    .map(name => join(run.directory, name));

describe('Spool', () => {
  test('each segment is an IPFIX file by itself, and all is gone when it is delivered', () => {
    const { spool, counters } = spoolWith(2000, 2_000_000);
    const files = filesOf(spool.own!);
    expect(files.length).toBeGreaterThan(5);
    const counted = files.map(file => recordsOf(readFileSync(file)));
    expect(counted.reduce((sum, { records }) => sum + records, 0)).toBe(20_000);
    for (const each of counted) expect(each).toMatchObject({ templates: 2, lostRecords: 0, unknownTemplateSets: 0 });
    expect(counters.spoolOctets).toBe(files.reduce((sum, file) => sum + statSync(file).size, 0));
    expect(takeAll(spool.own)).toBe(20_000);
    spool.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('what is read and not delivered goes back, before the rest', () => {
    const { spool, templates } = spoolWith(1000);
    const first = spool.own!.take()!;
    const second = spool.own!.take()!;
    spool.putBack(spool.own, [first.bytes, second.bytes], templates);
    spool.close();
    const next = new Spool(spool.directory, 10_000_000, new CollectorCounters(), () => {});
    expect(next.former.map(takeAll)).toEqual([10_000]);
    next.close();
  });

  test('a Message that a crash cut short is left out, and so is nothing else', () => {
    const { spool } = spoolWith(100);
    const [file] = filesOf(spool.own!);
    spool.close();
    truncateSync(file!, statSync(file!).size - 10);
    const next = new Spool(spool.directory, 10_000_000, new CollectorCounters(), () => {});
    expect(next.former.map(takeAll)).toEqual([990]);
    next.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('the run of a living session is left to it', () => {
    const { spool } = spoolWith(10);
    const other = new Spool(spool.directory, 10_000_000, new CollectorCounters(), () => {});
    expect(other.former).toEqual([]);
    spool.close();
    other.adopt();
    expect(other.former.map(takeAll)).toEqual([100]);
    other.close();
  });

  test('a bound holds, and what was read of the oldest does not count as dropped', () => {
    const { spool, counters, templates } = spoolWith(500, 500_000);
    const read = recordsOf(spool.own!.take()!.bytes).records;
    expect(counters.spoolDroppedRecords).toBe(0);
    for (const message of messages(500)) spool.write(message, templates);
    expect(counters.spoolOctets).toBeLessThanOrEqual(500_000);
    const left = filesOf(spool.own!).reduce((sum, file) => sum + recordsOf(readFileSync(file)).records, 0);
    expect(counters.spoolDroppedRecords + left + read).toBe(10_000);
  });
});
