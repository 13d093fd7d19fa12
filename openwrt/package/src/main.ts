import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { apk, apkName } from './apk.js';
import { ARCHITECTURES } from './architectures.js';
import { ipk, ipkName } from './ipk.js';
import type { Package } from './package.js';
import { luciPackages, openwrt, probePackages, programOf } from './packages.js';

/** Where packages are left, those of an architecture in a folder of its name. */
export const packageFolder = join(dirname(openwrt), 'build', 'packages');

/**
 * `npm run package:router -- [TARGET...]`: the probe's packages for opkg and for apk, of all architectures of each target, and LuCI's.
 *
 * @throws Error where there is no such target, or its program has not been built
 */
export function packageRouter(targets: readonly string[]): void {
  const known = Object.keys(ARCHITECTURES);
  const unknown = targets.find(target => !known.includes(target));
  if (unknown !== undefined) throw new Error(`no target "${unknown}": there are ${known.join(', ')}`);
  for (const target of targets.length > 0 ? targets : known)
    for (const each of probePackages(target)) tell(each, target);
  for (const each of luciPackages()) tell(each);
}

/** @param target of the program in it, whose bill of materials is laid beside */
function tell(from: Package, target?: string): void {
  for (const [file, octets] of write(from)) {
    if (target !== undefined) copyFileSync(`${programOf(target)}.cdx.json`, `${file}.cdx.json`);
    console.log(`${file}: ${octets} octets`);
  }
}

function write(from: Package): [string, number][] {
  const folder = join(packageFolder, from.architecture ?? 'all');
  mkdirSync(folder, { recursive: true });
  return (
    [
      [ipkName(from), ipk(from)],
      [apkName(from), apk(from)],
    ] as const
  ).map(([name, content]) => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return [file, content.length];
  });
}
