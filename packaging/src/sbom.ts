import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { directNeeds, type Locked, locked, lockedNeeds } from './lock.js';
import { repository } from './paths.js';
import { commitTime } from './run.js';
import type { OwnPackage } from './workspace.js';

/** What a package that goes out consists of. */
export interface Contents {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Package URL: pkg:deb/..., pkg:npm/... */
  readonly purl: string;
  readonly own: readonly OwnPackage[];
  /** Folders in the repository of the packages of others, as package-lock.json names them. */
  readonly others: readonly string[];
}

interface Component {
  readonly type: 'application' | 'library' | 'file';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Where the build of the pages writes what is in them (packages/web/bundled.ts). */
const PAGES = 'packages/web/dist/bundled.txt';
const KERNEL_OBJECT = 'packages/probe/bpf/meter.bpf.o';
/** What lies within the files of packages of this repository. */
const CONTENTS: Readonly<Record<string, () => Component[]>> = {
  'packages/web': pages,
  'packages/probe': kernelMeter,
};
/** Licences that stand in a file of the package alone. */
const LICENCES_IN_FILES: Readonly<Record<string, string>> = { 'node_modules/dequeue': 'BSD-2-Clause' };

/**
 * The software bill of materials of a package in CycloneDX's JSON (ECMA-424, version 1.6). What lies within the files of a component stands
 * within it: libraries in the pages, the kernel meter's programs in the probe. The same text each time for one commit.
 */
export function sbom({ name, version, license, purl, own, others }: Contents): string {
  const folders = own.map(({ folder }) => relative(repository, folder));
  const shown = [...folders, ...others];
  const needs = (folder: string) => ({
    ref: folder,
    dependsOn: directNeeds(folder).filter(each => shown.includes(each)),
  });
  const whole = { type: 'application', 'bom-ref': purl, name, version, purl, ...licenses(license) };
  return `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
      ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
      metadata: { timestamp: new Date(commitTime() * 1000).toISOString(), component: whole },
      components: [...own.map(ownComponent), ...others.map(each => npmComponent(each))],
      dependencies: [{ ref: purl, dependsOn: folders }, ...shown.map(needs)],
    },
    undefined,
    1,
  )}\n`;
}

function ownComponent({ folder, manifest: { name, version, license } }: OwnPackage): Component {
  const path = relative(repository, folder);
  const within = CONTENTS[path]?.();
  const contents = within === undefined ? {} : { components: within };
  return {
    type: 'library',
    'bom-ref': path,
    name,
    version,
    purl: npmUrl(name, version),
    ...licenses(license),
    ...contents,
  };
}

/** @param within a prefix of its name in the document, where it lies within something else */
function npmComponent(path: string, within = '', components: readonly Component[] = []): Component {
  const { version, license = LICENCES_IN_FILES[path], integrity, optional } = locked()[path] as Locked;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return {
    ...{ type: 'library', 'bom-ref': within + path, name, version },
    ...{ purl: npmUrl(name, version), scope: optional === true ? 'optional' : 'required' },
    ...(integrity === undefined ? {} : { hashes: [sha512(integrity)] }),
    ...(license === undefined ? {} : licenses(license)),
    ...(components.length === 0 ? {} : { components }),
  };
}

function pages(): Component[] {
  const lines = readFileSync(join(repository, PAGES), 'utf8').trim().split('\n');
  return lines.map(line => {
    const [folder, star] = line.split(' ') as [string, string?];
    const within = star === undefined ? [] : lockedNeeds([folder]).filter(each => each !== folder && !isTypes(each));
    return npmComponent(
      folder,
      'pages:',
      within.map(each => npmComponent(each, `pages:${folder}:`)),
    );
  });
}

/** Nothing of it is in what runs. */
const isTypes = (folder: string): boolean => folder.includes('node_modules/@types/');

function kernelMeter(): Component[] {
  const { clang, flags, headers, object } = JSON.parse(readFileSync(join(repository, `${KERNEL_OBJECT}.json`), 'utf8'));
  const properties = Object.entries({ clang, flags }).map(([key, value]) => ({ name: `weir:${key}`, value }));
  const libbpf: Component = {
    ...{ type: 'library', 'bom-ref': 'libbpf-headers', name: 'libbpf', scope: 'required' },
    ...{ description: 'macros and inline functions of its headers', ...licenses('LGPL-2.1-only OR BSD-2-Clause') },
    properties: [{ name: 'weir:sha256-of-headers', value: headers }],
  };
  return [
    {
      ...{ type: 'file', 'bom-ref': KERNEL_OBJECT, name: 'bpf/meter.bpf.o', ...licenses('GPL-2.0-only') },
      ...{ hashes: [{ alg: 'SHA-256', content: object }], properties, components: [libbpf] },
    },
  ];
}

/** An identifier of SPDX, an expression of them, or a text. */
function licenses(text: string): { licenses: object[] } {
  if (/^[^ ]+( (AND|OR|WITH) [^ ]+)+$/.test(text)) return { licenses: [{ expression: text }] };
  return { licenses: [{ license: text.includes(' ') ? { name: text } : { id: text } }] };
}

/** https://github.com/package-url/purl-spec */
function npmUrl(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function sha512(integrity: string): { alg: string; content: string } {
  return { alg: 'SHA-512', content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') };
}
