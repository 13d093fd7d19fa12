import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { MessageReader, readUnsigned, valueAt } from '../../wire/read.js';
import type { ReadRecord } from '../../wire/read-types.js';
import { fieldName } from '../../wire/template.js';
import type { Result } from '../case.js';
import type { Observer, RunMark, SeenRecord } from '../observe/observer.js';
import { collectorCases } from './cases.js';
import { CollectorEnded, runCollectorCases } from './run-cases.js';

let socket: Socket | undefined;

afterEach(() => {
  socket?.close();
  socket = undefined;
});

/** A collector of a few lines: reads strictly by sender, and shows addresses, ports and octets. `spoil` makes it worse. */
class SmallCollector implements Observer {
  readonly name = 'small';
  readonly #records: SeenRecord[] = [];
  readonly #readers = new Map<string, MessageReader>();

  constructor(private readonly spoil: (record: Record<string, string>) => Record<string, string> = record => record) {}

  async listen(keyOf: (port: number) => string = String): Promise<number> {
    socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.on('message', (bytes, { port }) => {
      const key = keyOf(port);
      const reader = this.#readers.get(key) ?? new MessageReader(true);
      this.#readers.set(key, reader);
      const { sets, faults } = reader.read(bytes);
      if (faults.some(({ rule }) => /length|record|version/.test(rule))) return;
      for (const { records } of sets) for (const each of records) this.#records.push(this.spoil(shown(bytes, each)));
    });
    await new Promise<void>(resolve => socket!.bind(0, '127.0.0.1', resolve));
    return socket.address().port;
  }

  shows(element: string): boolean {
    return /^(source|octetDelta)/.test(element);
  }

  async read({ destinationV4 }: RunMark): Promise<readonly SeenRecord[]> {
    return this.#records.filter(each => each.destination === destinationV4);
  }

  async sessions(): Promise<undefined> {
    return undefined;
  }
}

function shown(bytes: Buffer, record: ReadRecord): Record<string, string> {
  const seen: Record<string, string> = {};
  for (const value of record.values) {
    const name = fieldName(value.field);
    const octets = bytes.subarray(value.at, value.at + value.length);
    if (name === 'sourceIPv4Address') seen[name] = [...octets].join('.');
    else if (name === 'destinationIPv4Address') seen.destination = [...octets].join('.');
  }
  for (const name of ['sourceTransportPort', 'octetDeltaCount']) {
    const value = valueAt(record, name);
    if (value !== undefined) seen[name] = String(readUnsigned(bytes, value));
  }
  return seen;
}

async function run(
  collector: SmallCollector,
  ids: readonly string[],
  keyOf?: (port: number) => string,
): Promise<Result[]> {
  const port = await collector.listen(keyOf);
  const target = { transport: 'udp', host: '127.0.0.1', port } as const;
  const cases = collectorCases.filter(({ id }) => ids.includes(id));
  expect(cases).toHaveLength(ids.length);
  return runCollectorCases({ name: 'small', target, observer: collector }, { cases, seconds: 5 });
}

function outcomes(results: readonly Result[]): Record<string, string> {
  return Object.fromEntries(results.map(({ info, outcome }) => [info.id, outcome]));
}

test('a collector passes what it does right, and what it does not show is not observable', async () => {
  const ids = ['connectivity', 'variable-length', 'reduced-size-counters', 'set-too-long', 'domains', 'withdrawal-udp'];
  const unseen = ['sequence-gap', 'repeated-element-order', 'biflow-without-key', 'date-seconds'];
  const results = outcomes(await run(new SmallCollector(), [...ids, ...unseen]));
  for (const id of [...ids, 'lives']) expect([id, results[id]]).toEqual([id, 'passed']);
  for (const id of unseen) expect([id, results[id]]).toEqual([id, 'not observable']);
});

test('a wrong value, a Flow seen twice and a Flow that must not be seen fail', async () => {
  const small = (record: Record<string, string>) => ({
    ...record,
    octetDeltaCount: String(Number(record.octetDeltaCount) % 65536),
  });
  const results = await run(new SmallCollector(small), ['connectivity', 'reduced-size-counters']);
  expect(outcomes(results)).toMatchObject({ connectivity: 'failed', 'reduced-size-counters': 'failed' });
  expect(results[0]!.why).toMatch(/octetDeltaCount 100000 was seen as 34464/);
});

test('Templates that are kept by the sender alone fail the case of other sessions', async () => {
  const ids = ['connectivity', 'template-of-other-session', 'many-exporters'];
  const results = outcomes(await run(new SmallCollector(), ids, () => 'one'));
  expect(results).toMatchObject({
    connectivity: 'passed',
    'template-of-other-session': 'failed',
    'many-exporters': 'failed',
  });
});

test('a collector that falls silent has failed the case behind which it did, and no other', async () => {
  let isSilent = false;
  const collector = new SmallCollector(record => {
    isSilent ||= record.octetDeltaCount === String(2n ** 63n);
    return isSilent ? {} : record;
  });
  const results = outcomes(await run(collector, ['connectivity', 'unsigned64-extremes', 'domains', 'set-padding']));
  expect(results).toMatchObject({
    connectivity: 'passed',
    domains: 'failed',
    'set-padding': 'not observable',
    lives: 'failed',
  });
});

test('a collector of the lab that ends is told of by the case', async () => {
  const collector = new SmallCollector();
  const port = await collector.listen();
  const target = { transport: 'udp', host: '127.0.0.1', port } as const;
  const subject = { name: 'small', target, observer: collector, ended: () => 'it ended' };
  const cases = collectorCases.slice(0, 2);
  await expect(runCollectorCases(subject, { cases })).rejects.toThrow(CollectorEnded);
});

test('where nobody listens nothing is judged', async () => {
  const port = await new SmallCollector().listen();
  socket!.close();
  socket = undefined;
  const subject = {
    name: 'nobody',
    target: { transport: 'udp', host: '127.0.0.1', port },
    observer: undefined,
  } as const;
  await expect(runCollectorCases(subject, { cases: collectorCases })).rejects.toThrow(/nobody listens/);
});

test('every case has a name of its own', () => {
  expect(new Set(collectorCases.map(({ id }) => id)).size).toBe(collectorCases.length);
});
