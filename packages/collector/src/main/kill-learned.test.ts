import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fieldsOf, MessageWriter, type Template, typeInformationOf, typeInformationTemplate } from '@weir/ipfix';
import { afterAll, expect, test } from 'vitest';
import type { SpoolState } from '../collecting/spool/directory.js';
import { sender, until } from '../collecting/testing/exporter.js';
import { Store } from '../store/client.js';
import { records } from '../store/queries.js';
import { CollectorProcess } from './testing/process.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-kill-'));
const collector = new CollectorProcess(directory);
afterAll(() => {
  collector.clear();
  rmSync(directory, { recursive: true, maxRetries: 5 });
});

const BOOT_TIME = 1_700_000_000_000;
const flows: Template = {
  id: 300,
  scopeFieldCount: 0,
  fields: fieldsOf(['flowStartSysUpTime', 'flowEndSysUpTime', 'octetDeltaCount', 'ingressInterface']),
};
const booted: Template = {
  id: 301,
  scopeFieldCount: 1,
  fields: fieldsOf(['exportingProcessId', 'systemInitTimeMilliseconds']),
};
const named: Template = {
  id: 302,
  scopeFieldCount: 1,
  fields: [...fieldsOf(['ingressInterface']), { enterprise: 0, id: 82, length: 4 }],
};

/** An element that the exporter defines, and a record that has it. */
const types = typeInformationTemplate(303);
const own = { enterprise: 99_999, id: 7, name: 'queueLength', type: 'unsigned8' } as const;
const queued: Template = {
  id: 304,
  scopeFieldCount: 0,
  fields: [...fieldsOf(['flowEndMilliseconds']), { enterprise: own.enterprise, id: own.id, length: 1 }],
};

const buffer = new Uint8Array(1400);
const writer = new MessageWriter(buffer);
function message(sequence: number, fill: () => void): Uint8Array {
  writer.begin(1);
  fill();
  return buffer.slice(0, writer.finish(BOOT_TIME / 1000 + 60, sequence));
}

function put(template: number, ...octets: number[]): void {
  buffer.set(octets, writer.reserve(template, octets.length));
}

const be32 = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const flow = (octets: number) => put(300, ...be32(1000), ...be32(2000), 0, 0, 0, 0, ...be32(octets), ...be32(7));

/** How many Data Sets that wait are saved with the newest block; undefined where there is none. */
function unread(): number | undefined {
  const states = readdirSync(join(directory, 'raw')).flatMap(name => {
    const path = join(directory, 'raw', name, 'state.json');
    return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as SpoolState] : [];
  });
  const session = states.at(-1)?.saved.datagrams?.sessions[0];
  return session && (session.unread ?? []).length;
}

test('what came before its Template, the clock of an exporter, names of interfaces and elements outlive a kill', {
  timeout: 180_000,
}, async () => {
  const [port] = await collector.start(['udp://127.0.0.1:0']);
  const { send, close } = sender(port!);
  const told = message(0, () => {
    writer.addTemplate(booted);
    writer.addTemplate(named);
    writer.addTemplate(types);
    writer.addTemplate(queued);
    put(301, 0, 0, 0, 0, ...be32(Math.floor(BOOT_TIME / 2 ** 32)), ...be32(BOOT_TIME >>> 0));
    put(302, ...be32(7), ...Buffer.from('wan7'));
    flow(1);
    writer.addRecord(types, typeInformationOf(own));
    put(304, ...be32(Math.floor(BOOT_TIME / 2 ** 32)), ...be32(BOOT_TIME >>> 0), 42);
  });
  await send(
    told,
    message(5, () => flow(2)),
  );
  await until(() => unread() === 2);
  await collector.end('SIGKILL');

  // A kill while the first one's leavings are all there is.
  await collector.start([`udp://127.0.0.1:${port}`], 2);
  await collector.end('SIGKILL');

  await collector.start([`udp://127.0.0.1:${port}`], 3);
  // Then the spools of the earlier runs are removed.
  await until(() => readdirSync(join(directory, 'raw')).length === 3);
  await send(message(6, () => writer.addTemplate(flows)));
  await send(message(6, () => flow(3)));
  close();
  await until(() => unread() === 0);
  await collector.end('SIGTERM');

  const store = await Store.open({ directory });
  try {
    const rows = await store.query(
      'SELECT octets, toUnixTimestamp64Milli(flowStart) AS start, toUnixTimestamp64Milli(flowEnd) AS end FROM flows WHERE templateId = 300 ORDER BY octets',
    );
    const times = { start: String(BOOT_TIME + 1000), end: String(BOOT_TIME + 2000) };
    expect(rows).toEqual(['1', '2', '3'].map(octets => ({ octets, ...times })));
    expect(await store.interfaces()).toMatchObject([{ exporter: '127.0.0.1', interface: 7, name: 'wan7' }]);
    const found: unknown[] = [];
    const interval = { from: BOOT_TIME - 1, to: BOOT_TIME + 1 };
    for await (const { record } of records(store, { ...interval, filter: 'queueLength > 5' })) found.push(record);
    expect(found).toEqual([{ flowEndMilliseconds: new Date(BOOT_TIME).toISOString(), queueLength: 42 }]);
  } finally {
    await store.close();
  }
});
