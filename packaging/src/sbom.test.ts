import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeDebianPackage } from './debian.js';
import { locked } from './lock.js';
import { makeTarballs } from './npm.js';
import { run } from './run.js';
import { type Component, componentsIn, installedBelow, namesOf } from './testing/installed.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-sbom-'));
const inDebian = join(folder, 'deb/usr/lib/weir/node_modules');
const inTarball = join(folder, 'npm/package');
let debian: Component[];
let tarball: Component[];

beforeAll(() => {
  const file = makeDebianPackage('weir-probe', { folder });
  run(['dpkg-deb', '-x', file, join(folder, 'deb')]);
  debian = componentsIn(`${file}.cdx.json`);
  const packed = makeTarballs(join(folder, 'tarballs')).find(each => /\/weir-\d/.test(each))!;
  run(['mkdir', join(folder, 'npm')]);
  run(['tar', '-xzf', packed, '-C', join(folder, 'npm')]);
  tarball = componentsIn(`${packed}.cdx.json`);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const named = (components: readonly Component[], name: string) => components.find(each => each.name === name)!;

test('Debian’s package has what it says, and says what it has', () => {
  expect(installedBelow(inDebian).length).toBeGreaterThan(20);
  expect(namesOf(debian)).toEqual(installedBelow(inDebian));
  expect(componentsIn(join(folder, 'deb/usr/share/doc/weir-probe/sbom.cdx.json'))).toEqual(debian);
});

test('the tarball has those of this repository, and npm installs the others that are told of', () => {
  const { version, dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(inTarball, 'package.json'), 'utf8'),
  );
  const told = namesOf(tarball);
  expect(told.filter(name => /^(weir|@weir\/.*)@/.test(name))).toEqual(
    [`weir@${version}`, ...installedBelow(join(inTarball, 'node_modules'))].sort(),
  );
  for (const [name, wanted] of Object.entries({ ...dependencies, ...optionalDependencies }))
    expect(told).toContain(`${name}@${wanted}`);
  expect(componentsIn(join(inTarball, 'sbom.cdx.json'))).toEqual(tarball);
});

test('checksums are those of the files, and of the registry', () => {
  const object = named(named(debian, '@weir/probe').components!, 'bpf/meter.bpf.o');
  const octets = readFileSync(join(inDebian, '@weir/probe/bpf/meter.bpf.o'));
  expect(object.hashes).toEqual([{ alg: 'SHA-256', content: createHash('sha256').update(octets).digest('hex') }]);
  const { content } = named(debian, 'koffi').hashes![0]!;
  expect(`sha512-${Buffer.from(content, 'hex').toString('base64')}`).toBe(locked()['node_modules/koffi']!.integrity);
});

test('libraries in the pages are told of, and what is in those, and nothing that only builds them', () => {
  const pages = named(tarball, '@weir/web').components!;
  const names = pages.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['svelte', 'uplot', 'maplibre-gl', 'd3-force', 'world-atlas']));
  for (const tool of ['d3-geo', 'topojson-client', 'svelte-check', 'typescript']) expect(names).not.toContain(tool);
  expect(named(pages, 'maplibre-gl').components!.map(({ name }) => name)).toContain('earcut');
});
