import { expect, test } from 'vitest';
import { Timeouts } from '../conntrack/timeouts.js';
import type { Host } from '../host/host.js';
import type { KernelSettings } from '../metering/kernel-door.js';
import { Adoption } from './adoption.js';
import { type DumpAnswer, Dumps } from './testing/dumps.js';

const clock = { wall: () => 0, monotonic: () => 0 };

function adoption(...answers: DumpAnswer[]) {
  const dumps = new Dumps(answers);
  const lines: string[] = [];
  const switched: boolean[] = [];
  const settings = { setAdopting: (on: boolean) => switched.push(on) } as Partial<KernelSettings> as KernelSettings;
  const host = { clock, netlink: dumps.netlink, readText: () => undefined } as Partial<Host> as Host;
  const made = new Adoption(host, new Timeouts(), settings, (line, level = 'info') => lines.push(`${level}: ${line}`));
  return { made, dumps, lines, switched };
}

test('one dump to its end, during which the programs adopt', () => {
  const { made, dumps, lines, switched } = adoption('done');
  made.attempt();
  expect([made.isComplete, made.failures, lines]).toEqual([true, 0, []]);
  expect([dumps.asked, dumps.open, switched]).toEqual([1, 0, [true, false]]);
});

test.each<[DumpAnswer, RegExp]>([
  ['refused', /refused or broken off/],
  ['broken off', /refused or broken off/],
  ['silent', /refused or broken off/],
  ['no socket', /socket\(AF_NETLINK\): EMFILE/],
])('a dump that is %s is counted, told of once, and made again', (answer, reason) => {
  const { made, dumps, lines, switched } = adoption(answer, answer, 'done');
  made.attempt();
  made.attempt();
  expect([made.isComplete, made.failures]).toEqual([false, 2]);
  expect(lines).toEqual([expect.stringMatching(/^warning: .*cannot all be read .*tried again/)]);
  expect(lines[0]).toMatch(reason);
  made.attempt();
  expect([made.isComplete, made.failures, lines.length]).toEqual([true, 2, 2]);
  expect(lines[1]).toMatch(/^info: .*have been read/);
  expect([switched.at(-1), dumps.open]).toEqual([false, 0]);
});
