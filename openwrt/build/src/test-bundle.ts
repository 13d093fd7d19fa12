import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { plain } from './bundle.js';
import { repository } from './targets.js';

/** Modules that are made here: one that imports all files, and one before each file. */
const ALL = 'weir:tests';
const BEGIN = 'weir:file:';

/** Rooms whose tests run on QuickJS: what a router has of the probe, and the libraries below it. */
const ROOMS = [
  'packages/ipfix',
  'packages/flow',
  ...['config', 'conntrack', 'exporting', 'metering', 'netlink', 'router', 'routing', 'selecting'].map(
    room => `packages/probe/src/${room}`,
  ),
];

/** Why files of these rooms are left out: they need what a router has not. Paths end so. */
const LEFT_OUT: readonly (readonly [end: string, why: string])[] = [
  ['ipfix/src/readme.test.ts', 'runs what a page of the documentation shows'],
  ['ipfix/src/runtimes.test.ts', 'starts the runtimes itself, QuickJS among them'],
  ['ipfix/src/fuzz.test.ts', "collects garbage by Node's switch to see what memory stays"],
  ['ipfix/src/file/file.test.ts', "holds MD5 against Node's; a router writes no IPFIX Files"],
  [
    'ipfix/src/message/record-reader.test.ts',
    'of code made from text, which a router makes none of, and means something with thousands of cases',
  ],
  ['ipfix/src/message/vectors.test.ts', 'reads recorded datagrams'],
  ['ipfix/src/template/columns-encoder.test.ts', "of a collector's columns, which are little-endian, as the test is"],
  ['ipfix/src/template/encode.test.ts', 'means something with thousands of cases'],
  ['ipfix/src/text/text.test.ts', 'reads the registry'],
  ['ipfix/src/template/decoder.test.ts', 'of addresses it asks the runtime, by URL'],
  ['flow/src/filter/complete.test.ts', 'reads a page of the documentation; completion is for pages'],
  ['flow/src/filter/reference.test.ts', 'reads a page of the documentation'],
  [
    'probe/src/exporting/read-records.test.ts',
    'of what only the kernel meter needs, and means something with thousands of cases',
  ],
  ['probe/src/routing/as-numbers.test.ts', "holds tables against Node's own search, and writes files"],
  ['probe/src/routing/changes.test.ts', 'changes the routes of real network namespaces, by programs'],
  ['probe/src/routing/kernel-paths.test.ts', 'asks the routes of real network namespaces, by programs'],
  ['probe/src/selecting/socket-filter.test.ts', 'asks the kernel, by a program for Node'],
];

/** Statistics over hundreds of thousands of cases, which take minutes in an emulator: on this machine's own processor alone. */
const SLOW: readonly string[] = ['key-test', 'crypto-pan', 'flow-sampler', 'record-filter', 'records'].map(
  name => `/${name}.test.ts`,
);

/** Test files that run on QuickJS, as paths in the repository. @param emulated without those that take too long there */
export function testFiles(emulated: boolean): string[] {
  const all = ROOMS.flatMap(room =>
    readdirSync(join(repository, room), { recursive: true, encoding: 'utf8' }).map(name => join(room, name)),
  );
  return all.filter(
    name =>
      name.endsWith('.test.ts') &&
      !name.includes('node_modules') &&
      !LEFT_OUT.some(([end]) => name.endsWith(end)) &&
      !(emulated && SLOW.some(end => name.endsWith(end))),
  );
}

/** One script with all of these test files, which runs them. */
export async function bundleTests(files: readonly string[], script: string): Promise<void> {
  const shim = own('vitest-on-quickjs.js');
  const fewCases = own('few-cases.js');
  // Modules are carried out in the order in which they are imported.
  const imports = files.map(file => `import '${BEGIN}${file}';\nimport '${join(repository, file)}';`);
  const load = (id: string): string | null | Promise<string> => {
    if (id === ALL) return [...imports, `import { runTests } from '${shim}';`, 'runTests();'].join('\n');
    if (id.startsWith('node:')) return standIn(id);
    if (!id.startsWith(BEGIN)) return null;
    return `import { beginFile } from '${shim}'; beginFile('${id.slice(BEGIN.length)}');`;
  };
  const resolveId = (id: string, importer?: string): string | null => {
    if (id === 'vitest') return shim;
    if (id === 'fast-check' && importer !== fewCases) return fewCases;
    return id === ALL || id.startsWith(BEGIN) || id.startsWith('node:') ? id : null;
  };
  await bundle(ALL, script, [{ name: 'tests', resolveId, load }]);
}

/** A script of a source file in the repository. */
export function bundleScript(file: string, script: string): Promise<void> {
  return bundle(join(repository, file), script, []);
}

async function bundle(input: string, file: string, plugins: Plugin[]): Promise<void> {
  const source = (name: string): string => join(repository, 'packages', name, 'src/index.ts');
  const build = await rolldown({
    input,
    platform: 'neutral',
    logLevel: 'silent',
    transform: { define: { 'import.meta.url': '""' } },
    resolve: {
      alias: { '@weir/ipfix': source('ipfix'), '@weir/flow': source('flow') },
      extensionAlias: { '.js': ['.ts', '.js'] },
      mainFields: ['module', 'main'],
    },
    plugins: [...plugins, plain],
  });
  await build.write({ file, format: 'iife' });
  await build.close();
}

function own(name: string): string {
  // Also where this module itself is run from its source, by the tests.
  return fileURLToPath(new URL(`../dist/${name}`, import.meta.url));
}

/** Answers of Node's functions that tests ask whether something is there: it is not. All others say that they need Node, which skips the test. */
const ANSWERS: Readonly<Record<string, string>> = {
  existsSync: '() => false',
  readdirSync: '() => []',
  spawnSync: '() => ({ status: 127 })',
  fileURLToPath: 'String',
};

/** A module of Node in name only. */
async function standIn(id: string): Promise<string> {
  const names = Object.keys(await import(id)).filter(name => name !== 'default' && name !== 'module.exports');
  const needs = `function needsNode() { throw Object.assign(new Error('needs Node.js'), { name: 'NeedsNode' }); }`;
  return [
    needs,
    'export default {};',
    ...names.map(name => `export const ${name} = ${ANSWERS[name] ?? 'needsNode'};`),
  ].join('\n');
}
