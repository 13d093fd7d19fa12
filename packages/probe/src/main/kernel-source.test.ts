import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { whyKernelRefuses } from '../host/kernel-programs.js';
import { whyNoKernelMeter } from '../preflight/kernel-meter.js';
import { openKernelSource } from './kernel-source.js';

const why = whyNoKernelMeter(whyKernelRefuses);

function open(changes: Partial<ProbeConfig>): { isKernel: boolean; lines: string[] } {
  const lines: string[] = [];
  const source = openKernelSource({ ...Value.Create(probeSchema), ...changes }, line => lines.push(line));
  source?.close();
  return { isKernel: source !== undefined, lines };
}

test('ctnetlink, where that is asked for: nothing else is tried', () => {
  expect(open({ source: 'ctnetlink' })).toEqual({ isKernel: false, lines: [] });
});

test('the log of translations is made by ctnetlink', () => {
  const { isKernel, lines } = open({ source: 'auto', fields: 'nat-log' });
  expect(isKernel).toBe(false);
  expect(lines).toEqual([expect.stringMatching(/^source: ctnetlink; .*log of translations/)]);
  expect(() => open({ source: 'kernel', fields: 'nat-log' })).toThrow(/log of translations.*--source ctnetlink/);
});

test('where the kernel meter cannot be had, auto says why, and kernel fails with it', ({ skip }) => {
  skip(why === undefined, 'the kernel meter can be had here');
  const { isKernel, lines } = open({ source: 'auto' });
  expect(isKernel).toBe(false);
  expect(lines).toEqual([`source: ctnetlink; the kernel meter is not used: ${why}`]);
  expect(() => open({ source: 'kernel' })).toThrow(`--source kernel: ${why}`);
});

test('where the kernel meter can be had, auto takes it', ({ skip }) => {
  skip(why !== undefined, why);
  // Whether it is used in a network namespace, the thread there tells.
  expect(open({ source: 'auto' })).toEqual({ isKernel: true, lines: [] });
});
