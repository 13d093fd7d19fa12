// The feed's Makefile, by make, in the place of OpenWrt's SDK.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ARCHITECTURES } from './architectures.js';
import { openwrt, probePackages } from './packages.js';
import { standInProgram } from './testing/packages.js';
import { filesBelow, inOrder } from './tree.js';

const root = mkdtempSync(join(tmpdir(), 'weir-sdk-'));
afterAll(() => rmSync(root, { recursive: true }));

const absent = spawnSync('make', ['--version']).error !== undefined;
beforeEach(context => context.skip(absent, 'no make'));

const make = (architecture: string, ...args: string[]) =>
  execFileSync(
    'make',
    [`TOPDIR=${join(openwrt, 'weir-probe/testing/sdk')}`, `WEIR_ROOT=${root}`, `ARCH=${architecture}`, ...args],
    { cwd: join(openwrt, 'weir-probe'), encoding: 'utf8' },
  );

/** Targets by what OpenWrt's build system calls their processors. */
const TARGETS = { arm: 'armv7', aarch64: 'aarch64', mips: 'mips', mipsel: 'mipsel', x86_64: 'x86_64' };

test('the targets are those of the packer', () => {
  expect(Object.values(TARGETS).sort()).toEqual(Object.keys(ARCHITECTURES).sort());
});

test.each(Object.entries(TARGETS))('%s: it builds and installs what the packer packs', (architecture, target) => {
  const folder = join(root, 'build/router', target);
  mkdirSync(folder, { recursive: true });
  copyFileSync(standInProgram, join(folder, 'weir-probe'));
  chmodSync(join(folder, 'weir-probe'), 0o600);
  expect(make(architecture, '-n', 'compile')).toContain(`cd ${root} && npm run build:router -- ${target}\n`);
  const destination = join(root, 'installed', target);
  make(architecture, `DESTINATION=${destination}`, 'install');
  expect(inOrder(filesBelow(destination))).toEqual(inOrder(probePackages(target, standInProgram)[0].files));
});
