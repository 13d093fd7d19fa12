import { pathToFileURL } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import { markedProcesses } from '../run/mark.js';
import { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { Lab } from './lab.js';
import { clearLeftovers } from './leftovers.js';
import { labNamespaces } from './namespace.js';
import { missing } from './requirements.js';
import { differences, snapshot } from './snapshot.js';

const reason = missing([]);
beforeEach(context => context.skip(reason !== undefined, reason));

/** Another process that opens a lab with one namespace and stays. Resolves when the namespace is there. */
async function otherLab(): Promise<LabProcess> {
  const built = pathToFileURL(new URL('../../dist/namespaces/lab.js', import.meta.url).pathname);
  const script = `const { Lab } = await import('${built}'); new Lab().namespace('other'); console.log('made');
    setInterval(() => {}, 1000);`;
  const other = new LabProcess([process.execPath, '--input-type=module', '-e', script]);
  await other.output(/made/, 20);
  return other;
}

const namespacesOf = (pid: number): string[] =>
  labNamespaces()
    .filter(each => each.pid === pid)
    .map(each => each.name);

test('a lab that is killed leaves its namespace to the next one, which clears it', async () => {
  const other = await otherLab();
  expect(namespacesOf(other.pid)).toHaveLength(1);
  expect(clearLeftovers()).toEqual([]);
  await other.stop('SIGKILL');
  expect(clearLeftovers()).toEqual([`weir-${other.pid}-1-other`]);
  expect(namespacesOf(other.pid)).toEqual([]);
});

test('a lab that gets a signal takes its namespace with it', async () => {
  const other = await otherLab();
  expect(await other.stop('SIGTERM')).toBe(143);
  expect(namespacesOf(other.pid)).toEqual([]);
});

test('what a program changes and does not change back is found', async () => {
  const lab = new Lab();
  const namespace = lab.namespace('changed');
  const before = snapshot(namespace);
  expect(before.sysctls['net.netfilter.nf_conntrack_acct']).toBe('0');
  expect(differences(before, snapshot(namespace))).toEqual([]);
  namespace.sysctl('net.netfilter.nf_conntrack_acct', 1);
  namespace.nft('table inet mine { }');
  const found = differences(before, snapshot(namespace));
  expect(found[0]).toBe('net.netfilter.nf_conntrack_acct was 0, is 1');
  expect(found[1]).toContain('table inet mine');
  expect(found).toHaveLength(2);
  expect(await lab.close()).toEqual([]);
});

test('a process that detached itself from its parent is found and ended', async () => {
  const lab = new Lab();
  const namespace = lab.namespace('detached');
  namespace.run(['sh', '-c', 'setsid sleep 1234 >/dev/null 2>&1 &']);
  const left = await lab.close();
  expect(left).toHaveLength(1);
  expect(left[0]).toMatch(/^process \d+ sleep 1234$/);
  await until('the end of the process', 5, () => (markedProcesses().length === 0 ? true : undefined));
}, 20_000);
