import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LIBRARY } from '../host/libbpf.js';
import { isLoadable } from '../host/libc.js';
import { NodeHost } from '../host/node.js';
import { openKernelMeter, usefulCapacity } from './kernel-meter.js';
import type { KernelInput } from './kernel-source.js';

// No program is loaded: the kernel knows none of these, whatever else it allows.
const maps = { slots: -1, namespaces: -1, connections: -1, rings: -1, vlans: -1, neighbours: -1, sweep: -1 };
const refusal = /its maps cannot be made \(bpf\(.*\): E\w+\): they take less memory with fewer --flow-table-entries/;

let directory: string;
let lines: string[];
beforeEach(({ skip }) => {
  skip(process.platform !== 'linux' || !isLoadable(LIBRARY), `${LIBRARY} is not installed`);
  directory = mkdtempSync(join(tmpdir(), 'weir-kernel-meter-'));
  lines = [];
});
afterEach(() => directory && rmSync(directory, { recursive: true, force: true }));

function open(isRequired: boolean): unknown {
  const descriptors = { ...maps, taken: new Uint8Array(1) };
  const input: KernelInput = { descriptors, preset: 'default', isWanted: true, isRequired };
  const options = { capacity: 64, statePath: join(directory, 'state.kernel'), owner: 1 };
  return openKernelMeter(new NodeHost(), input, options, line => lines.push(line));
}

test('where its maps cannot be made, ctnetlink takes its place, and the log says why', () => {
  expect(open(false)).toBeUndefined();
  expect(lines).toEqual([expect.stringMatching(/^source: ctnetlink; the kernel meter is not used: /)]);
  expect(lines[0]).toMatch(refusal);
});

test('--source kernel fails with the reason', () => {
  expect(() => open(true)).toThrow(/^--source kernel: /);
  expect(() => open(true)).toThrow(refusal);
  expect(lines).toEqual([]);
});

test('it has no room for more connections than the kernel takes', () => {
  expect(usefulCapacity(262_144, 16_384)).toBe(16_384);
  expect(usefulCapacity(4096, 16_384)).toBe(4096);
  expect(usefulCapacity(4096, 0)).toBe(4096);
});
