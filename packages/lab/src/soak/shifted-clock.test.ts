import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { LabProcess } from '../run/process.js';
import { until } from '../run/wait.js';
import { ShiftedClock } from './shifted-clock.js';

const reason = missing(['clang']);
let lab: Lab;

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
});
afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

/** Tells, again and again, its own wall clock, its monotonic one, and the wall clock of a child. */
const program = `
const { execFileSync } = require('node:child_process');
setInterval(() => {
  const child = Number(execFileSync(process.execPath, ['-p', 'Date.now()']));
  console.log(JSON.stringify({ wall: Date.now(), monotonic: performance.now(), child }));
}, 50);`;

test('the wall clock of one process steps, there and back; nothing else does', async () => {
  const { only } = ShiftedClock.make(lab, ['only'])!;
  const running = lab.own(new LabProcess([...only.words, process.execPath, '-e', program]));
  const said = (): { wall: number; monotonic: number; child: number }[] =>
    running.stdout
      .split('\n')
      .slice(0, -1)
      .map(line => JSON.parse(line));
  const last = (): number => (said().at(-1)?.wall ?? Number.NaN) - Date.now();
  await until('the clock as it is', 20, () => Math.abs(last()) < 60_000 || undefined);
  only.step(3600);
  await until('the clock ahead', 20, () => last() > 3_500_000 || undefined);
  only.step(0);
  await until('the clock as it was', 20, () => Math.abs(last()) < 60_000 || undefined);
  for (const { child } of said()) expect(Math.abs(child - Date.now())).toBeLessThan(120_000);
  const [first, end] = [said()[0]!, said().at(-1)!];
  expect(end.monotonic - first.monotonic).toBeLessThan(120_000);
}, 90_000);
