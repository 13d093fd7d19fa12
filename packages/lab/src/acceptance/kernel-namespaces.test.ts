// One set of the kernel meter's programs meters several network namespaces at once, and each is an Observation Domain of its own.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import type { Namespace } from '../namespaces/namespace.js';
import { missing } from '../namespaces/requirements.js';
import type { LabProcess } from '../run/process.js';
import { sleep, until } from '../run/wait.js';
import { skipKernelMeter } from '../subjects/kernel-meter.js';
import { requests, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { activeTimeout, type QueriedRecord } from '../weir/records.js';
import { weir, weirCommand } from '../weir/weir.js';

const reason = await skipKernelMeter(missing([]));

const host = '127.0.0.1';
const port = 7000;
const firstPort = 31_000;
const domains = { one: 11, two: 12 } as const;

let lab: Lab;
let place: Namespace;
let folder: string;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  place = lab.namespace('place');
  folder = lab.directory('namespaces');
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 120_000);

/** A probe that meters by the kernel meter, to files in the folder. */
async function startProbe(...options: string[]): Promise<LabProcess> {
  const own = ['--source', 'kernel', '--mend', 'true', '--collector', `file:${folder}/flows.ipfix`];
  const probe = lab.own(place.start(weirCommand('probe', ...own, ...options)));
  await probe.output(/^metering/m, 60);
  return probe;
}

/** Answered UDP flows within the namespace. Their Flow Keys are the same in each. */
function ask(namespace: Namespace, flows: number): Promise<unknown> {
  return requests(namespace, { host, port, flows, firstPort, octets: 100 });
}

/** Records of those flows in one Observation Domain, of all files: each namespace has its own. */
function recordsOf(domain: number): QueriedRecord['record'][] {
  const files = readdirSync(folder).map(name => join(folder, name));
  const { stdout } = weir(place, ['read', ...files, '--format', 'json']);
  const records = stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as QueriedRecord);
  return records
    .filter(
      ({ observationDomainId, record }) => observationDomainId === domain && record.destinationTransportPort === port,
    )
    .map(({ record }) => record);
}

/** Files of all network namespaces, by which the next probe goes on. */
function remembered(): string[] {
  return existsSync('/run/weir') ? readdirSync('/run/weir').filter(name => name.endsWith('.state.kernel')) : [];
}

const isInterim = ({ flowEndReason }: QueriedRecord['record']) => flowEndReason === activeTimeout;

/** Asserts that each of these flows was reported on the way, once, and at its end, once, with one packet each way in all. */
function expectEach(records: readonly QueriedRecord['record'][], flows: number): void {
  const ports = Array.from({ length: flows }, (_, i) => firstPort + i);
  for (const some of [records.filter(isInterim), records.filter(each => !isInterim(each))]) {
    expect(some.map(({ sourceTransportPort }) => Number(sourceTransportPort)).sort()).toEqual(ports);
  }
  for (const name of ['packetDeltaCount', 'reversePacketDeltaCount']) {
    expect(records.reduce((sum, record) => sum + Number(record[name] ?? 0), 0)).toBe(flows);
  }
}

describe('kernel meter', () => {
  test('two network namespaces at once: the same Flow Keys, each under its own Observation Domain', async () => {
    const [one, two] = [lab.namespace('one'), lab.namespace('two')];
    const metered = ['--namespace', `${one.name}=${domains.one}`, '--namespace', `${two.name}=${domains.two}`];
    const probe = await startProbe('--active-timeout', '4', ...metered);
    for (const each of [one, two]) {
      expect(probe.stderr).toContain(`${each.name}: source: the kernel meter`);
      lab.own(await startResponder(each, port));
    }
    await Promise.all([ask(one, 20), ask(two, 30)]);
    // Two sweeps: what is new to one is told by the other.
    await sleep(9000);
    destroyKernelFlows(two);
    await sleep(1000);
    expectEach(recordsOf(domains.two), 30);
    // The one that goes takes nothing of the other's along.
    expect(recordsOf(domains.one).filter(record => !isInterim(record))).toEqual([]);
    destroyKernelFlows(one);
    await sleep(1000);
    expectEach(recordsOf(domains.one), 20);
    one.remove();
    await probe.output(/one: the namespace has gone/, 60);
    await ask(two, 10);
    destroyKernelFlows(two);
    await sleep(1000);
    expect(await probe.stop('SIGTERM')).toBe(0);
    const after = recordsOf(domains.two).slice(60);
    expect(after.map(({ sourceTransportPort }) => Number(sourceTransportPort))).toHaveLength(10);
    expect(recordsOf(domains.one)).toHaveLength(40);
  }, 120_000);

  test('what it remembers of a network namespace goes with it', async () => {
    const guest = lab.namespace('guest');
    const before = new Set(remembered());
    const probe = await startProbe('--active-timeout', '1', '--namespace', guest.name);
    const own = remembered().filter(name => !before.has(name));
    expect(own).toHaveLength(1);
    guest.remove();
    await probe.output(/guest: the namespace has gone/, 60);
    await until('the removal', 30, () => !remembered().includes(own[0]!) || undefined);
    expect(await probe.stop('SIGTERM')).toBe(0);
  }, 120_000);
});
