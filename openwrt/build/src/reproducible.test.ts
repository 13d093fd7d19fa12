// A build in another folder, with all that is compiled on the way in a cache of its own, gives the same octets.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@weir/lab';
import { expect, test } from 'vitest';
import { ENGINE_VERSION } from './engine-source.js';
import { outputFolder, repository } from './targets.js';

/** The one whose order of octets is not this machine's. It takes two minutes of processor time, the C library among it. */
const TARGET = 'mips';
/** Fetched and held against checksums, and not compiled here. */
const FETCHED = [`router/quickjs-${ENGINE_VERSION}`, 'router/zig-0.11.0'];
const PARTS = [
  ...['openwrt/build', 'openwrt/host', 'tsconfig.base.json', 'package.json'],
  ...['ipfix', 'flow', 'probe', 'lab'].map(name => `packages/${name}`),
];

/** This repository as far as programs for routers are made of it, with what npm has installed. */
function copyTo(folder: string): void {
  for (const part of PARTS) cpSync(join(repository, part), join(folder, part), { recursive: true });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    const from = join(repository, 'node_modules', name);
    // Those of this repository lead to the copies, because they are relative.
    if (name === '@weir') cpSync(from, join(modules, name), { recursive: true, verbatimSymlinks: true });
    else if (!name.startsWith('.')) symlinkSync(from, join(modules, name));
  }
}

test('a program for routers is the same octets wherever it is built', { timeout: 1_800_000 }, ({ skip }) => {
  const program = join(outputFolder, TARGET, 'weir-probe');
  skip(!existsSync(program), `not built for ${TARGET}: npm run build:router`);
  const folder = mkdtempSync(join(tmpdir(), 'weir-elsewhere-'));
  try {
    const [elsewhere, cache] = [join(folder, 'a longer name'), join(folder, 'cache')];
    copyTo(elsewhere);
    for (const each of FETCHED) {
      mkdirSync(join(cache, 'weir/router'), { recursive: true });
      symlinkSync(join(cacheFolder, each), join(cache, 'weir', each));
    }
    const script = `import('./openwrt/build/dist/main.js').then(m => m.buildRouter(['${TARGET}']))`;
    const env = { ...process.env, XDG_CACHE_HOME: cache };
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: elsewhere, env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const there = readFileSync(join(elsewhere, 'build/router', TARGET, 'weir-probe'));
    expect(there.equals(readFileSync(program))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
