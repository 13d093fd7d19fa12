import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '@weir/lab';
import { expect, test } from 'vitest';
import { materials } from './materials.js';
import { repository, TARGETS } from './targets.js';

const inProbe = join(repository, 'packages/probe/dist/router/main.js');
const inFlow = join(repository, 'packages/flow/dist/index.js');
const componentsOf = (modules: string[]) =>
  JSON.parse(materials(TARGETS[0]!, modules)).components as { name: string; version: string }[];

test('a program for routers says what it consists of', () => {
  expect(componentsOf([inProbe, inFlow, inProbe]).map(({ name }) => name)).toEqual([
    ...['@weir/flow', '@weir/probe'],
    ...['quickjs', 'musl'],
  ]);
});

test('what is of others does not get into it unseen', () => {
  expect(() => materials(TARGETS[0]!, [join(repository, 'node_modules/yaml/dist/index.js')])).toThrow(
    /yaml.*no package/,
  );
});

test('the C library is of the version that the compiler has', ({ skip }) => {
  const header = join(cacheFolder, 'router/zig-0.11.0/lib/libc/musl/src/internal/version.h');
  skip(!existsSync(header), 'the compiler is not here: npm run build:router');
  const version = /"(.*)"/.exec(readFileSync(header, 'utf8'))![1];
  expect(componentsOf([]).find(({ name }) => name === 'musl')!.version).toBe(version);
});
