import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { meterObjectPath } from './meter-object.js';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const ELF = Buffer.from('\x7fELF');
const directory = mkdtempSync(join(tmpdir(), 'weir-pack-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Where the compiled function of the package in `folder` says that the object is. */
function pathIn(folder: string): string {
  const script = `import(${JSON.stringify(join(folder, 'dist/host/meter-object.js'))}).then(m => console.log(m.meterObjectPath()))`;
  return execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim();
}

test('the object of the kernel meter is found by the sources and by what is compiled of them', () => {
  expect(readFileSync(meterObjectPath()).subarray(0, 4)).toEqual(ELF);
  expect(pathIn(PACKAGE)).toBe(meterObjectPath());
});

test('the object of the kernel meter is part of the package, and found there', () => {
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], {
    cwd: PACKAGE,
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', join(directory, packed.trim()), '-C', directory]);
  const path = pathIn(join(directory, 'package'));
  expect(path).toBe(join(directory, 'package/bpf/meter.bpf.o'));
  expect(readFileSync(path).equals(readFileSync(meterObjectPath()))).toBe(true);
});
