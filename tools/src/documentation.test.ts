// What pages say of commands, settings, requests and metrics, held against the code that has them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { collectorSchema } from '@weir/collector/schema';
import { probeSchema } from '@weir/probe';
import type { Command } from 'commander';
import { beforeAll, expect, test } from 'vitest';
import { describeApi } from '../../packages/collector/dist/http/describe.js';
import { PRESETS } from '../../packages/probe/dist/exporting/field-selection.js';
import { commands } from '../../packages/weir/dist/commands.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const names = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md'));
const pages = ['README.md', ...names.map(name => `docs/${name}`)].map(
  path => [path, readFileSync(ROOT + path, 'utf8')] as const,
);
const settings = new Set(Object.keys({ ...probeSchema.properties, ...collectorSchema.properties }));

/** Code in blocks, indented or fenced, line by line with continued lines joined, and in sentences. */
function codeIn(markdown: string): string[] {
  const joined = markdown.replaceAll(/\\\n\s*/g, '');
  const blocks = joined
    .split('\n')
    .filter(line => /^( {4}|\S)/.test(line))
    .map(line => line.trim().replace(/^\$ /, ''));
  const spans = [...joined.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...blocks, ...spans];
}

/** The words of commands of Weir, as a shell reads them. */
function weirCommands(markdown: string): string[][] {
  return codeIn(markdown)
    .filter(code => /^(?:sudo |npx )*weir [a-z]/.test(code))
    .map(code => code.replace(/\s+#.*$/, '').replace(/\s[|>].*$/, ''))
    .map(code => [...code.replace(/^(?:sudo |npx )*weir /, '').matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word));
}

const loaded = new Map<string, Command>();
let paths: string[];
beforeAll(async () => {
  for (const [name, load] of Object.entries(commands)) loaded.set(name, await load());
  const { document } = await describeApi('0');
  paths = Object.keys((document as { paths: object }).paths);
});

/** What is wrong with a command; undefined where all of its options are there. */
function problemOf([name, ...words]: string[]): string | undefined {
  let command = loaded.get(name!);
  if (command === undefined) return `there is no command "weir ${name}"`;
  command = command.commands.find(each => each.name() === words[0]) ?? command;
  const known = command.options.map(option => option.long);
  const unknown = words.filter(
    word => word.startsWith('--') && word !== '--help' && !known.includes(word.replace(/[=.].*$/, '')),
  );
  return unknown.length === 0 ? undefined : `weir ${name} has no option ${unknown.join(', ')}`;
}

test.each(pages)('%s: commands and their options', (_path, markdown) => {
  expect(weirCommands(markdown).flatMap(words => problemOf(words) ?? [])).toEqual([]);
});

test('there is something to look at', () => {
  expect(pages.flatMap(([, markdown]) => weirCommands(markdown)).length).toBeGreaterThan(150);
});

test.each(pages)('%s: settings of blocks that are settings', (_path, markdown) => {
  const keys = [...markdown.matchAll(/(?:^|\n\n)((?: {4}.*\n)+)/g)].flatMap(([, block]) => {
    const found = [...block!.matchAll(/^ {4}([a-z][a-z-]*):(?: |$)/gm)].map(([, key]) => key!);
    return settings.has(found[0] ?? '') ? found : [];
  });
  expect(keys.filter(key => !settings.has(key))).toEqual([]);
});

/** Whether the API has it, or something below it. */
function isServed(asked: string): boolean {
  const parts = asked.split('/');
  return paths.some(path =>
    parts.every((part, i) => path.split('/')[i] === part || path.split('/')[i]?.startsWith('{')),
  );
}

test.each(pages)('%s: requests of the API', (_path, markdown) => {
  const asked = [...markdown.matchAll(/\/api\/v1\/[a-z0-9/.-]*[a-z]/g)].map(([path]) => path);
  expect(asked.filter(path => !isServed(path))).toEqual([]);
});

test.each(pages)('%s: scripts of npm', (_path, markdown) => {
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
  const named = codeIn(markdown).flatMap(code => /^(?:sudo )?npm run ([\w:]+)/.exec(code)?.[1] ?? []);
  expect(named.filter(name => scripts[name] === undefined)).toEqual([]);
});

test('metrics that pages name are there', () => {
  const all = pages.find(([path]) => path === 'docs/reference/metrics.md')![1];
  const served = new Set([...all.matchAll(/`(weir_\w+)`/g)].map(([, name]) => name!));
  const named = pages.flatMap(([path, markdown]) =>
    [...markdown.matchAll(/weir_(?:probe|collector)_\w+[a-z]\b/g)].map(([name]) => [path, name] as const),
  );
  expect(named.length).toBeGreaterThan(150);
  expect(named.filter(([, name]) => !served.has(name))).toEqual([]);
});

test('the sets of fields that the reference tells are those that are exported', () => {
  const letters = { default: 'd', full: 'f', 'netflow-v5-fields': '5', 'nat-log': 'n' } as const;
  const page = pages.find(([path]) => path === 'docs/reference/fields.md')![1];
  const rows = [...page.matchAll(/^\| (`[^|]+) \| ([df5n ]+) \|/gm)];
  const told = rows.flatMap(([, names, sets]) =>
    [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, sets!.trim()] as const),
  );
  expect(told.length).toBeGreaterThan(35);
  const setsOf = (name: string) =>
    Object.entries(letters).flatMap(([preset, letter]) =>
      (PRESETS[preset as keyof typeof letters] as readonly string[]).includes(name) ? [letter] : [],
    );
  expect(told.filter(([name, sets]) => setsOf(name).join(' ') !== sets)).toEqual([]);
});
