import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelStatePath, removeState, statePath } from './state-file.js';

test('when the network namespace has gone, what both sources remember goes, and nothing else', () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-state-'));
  try {
    const path = statePath(join(directory, 'probe.state'));
    for (const each of [path, kernelStatePath(path), join(directory, 'other')]) writeFileSync(each, '');
    removeState(path);
    expect(readdirSync(directory)).toEqual(['other']);
    expect(() => removeState(path)).not.toThrow();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
