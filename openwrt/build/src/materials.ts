import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { COMPILER } from './compiler.js';
import { FLAGS } from './engine.js';
import { ENGINE_SHA256, ENGINE_VERSION } from './engine-source.js';
import { repository, type Target } from './targets.js';

/** Of the C library that comes with the compiler (lib/libc/musl/src/internal/version.h there). */
const MUSL_VERSION = '1.2.4';

const mit = [{ license: { id: 'MIT' } }];

/**
 * What a program for routers consists of: a software bill of materials in CycloneDX's JSON (ECMA-424, version 1.6), the same text each time.
 *
 * @param modules files that its scripts are made of
 */
export function materials(target: Target, modules: Iterable<string>): string {
  const probe = manifestOf('packages/probe');
  const parts = [...new Set([...modules].map(packageOf))].sort();
  const engine = {
    ...{ type: 'library', 'bom-ref': 'quickjs', name: 'quickjs', version: ENGINE_VERSION, licenses: mit },
    hashes: [{ alg: 'SHA-256', content: ENGINE_SHA256 }],
  };
  const libc = { type: 'library', 'bom-ref': 'musl', name: 'musl', version: MUSL_VERSION, licenses: mit };
  const component = {
    ...{ type: 'application', 'bom-ref': 'weir-probe', name: 'weir-probe', version: probe.version },
    licenses: [{ license: { id: 'GPL-2.0-or-later' } }],
    properties: Object.entries({
      target: target.name,
      compiler: COMPILER,
      flags: [...target.flags, ...FLAGS].join(' '),
    }).map(([name, value]) => ({ name: `weir:${name}`, value })),
  };
  const components = [...parts.map(own), engine, libc];
  const whole = { ref: 'weir-probe', dependsOn: components.map(each => each['bom-ref']) };
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    ...{ metadata: { component }, components, dependencies: [whole] },
  };
  return `${JSON.stringify(document, undefined, 1)}\n`;
}

/** The folder of a package of this repository. @throws Error for a module of others: then it has to be told of as well */
function packageOf(module: string): string {
  const [packages, name] = relative(repository, module).split(sep);
  if (packages !== 'packages') throw new Error(`${module} is in a program for routers, and of no package of ours`);
  return join(packages, name!);
}

function own(folder: string) {
  const { name, version, license } = manifestOf(folder);
  // Without the kernel meter's programs, which are GPL-2.0-only.
  const id = license.split(' AND ')[0];
  return { type: 'library', 'bom-ref': folder, name, version, licenses: [{ license: { id } }] };
}

function manifestOf(folder: string): { name: string; version: string; license: string } {
  return JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
}
