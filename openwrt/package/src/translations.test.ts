import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hash, lmo } from './lmo.js';
import { openwrt } from './packages.js';
import { type Entry, readCatalogue, textsOf } from './po.js';
import { textsOfPages } from './translations.js';

const po = join(openwrt, 'luci-app-weir/po');
const languages = readdirSync(po).filter(name => name !== 'templates');
const catalogue = (language: string): Entry[] =>
  readCatalogue(readFileSync(join(po, language, 'weir.po'), 'utf8')).filter(({ id }) => id !== '');
const placeholders = (text: string) => text.match(/%[a-z]/g)?.sort() ?? [];

test('there is a German translation', () => expect(languages).toEqual(['de']));

test.each(languages)('%s: each text of the pages is translated, and nothing else', language => {
  const entries = catalogue(language);
  expect(entries.map(({ id }) => id).sort()).toEqual(textsOfPages().sort());
  expect(entries.filter(({ text }) => text === '')).toEqual([]);
});

test.each(languages)('%s: what is filled in is filled in there, too, in the same order', language => {
  const entries = catalogue(language);
  expect(entries.filter(({ id, text }) => placeholders(id).join() !== placeholders(text).join())).toEqual([]);
});

test('texts are found with quotes in them, each once', () => {
  expect(textsOf(["_('one'), _('it\\'s'), _('one')"], '"title": "Menu"')).toEqual(['Menu', 'one', "it's"]);
});

// As LuCI's own hash function gives them.
test.each([
  ['a', 0x115ea782],
  ['ab', 0x516b8b44],
  ['abc', 0xd2be198a],
  ['abcd', 0xdad8b8db],
  ['Äö', 0x0c6efa4a],
  ['The probe starts.', 0xc549e9e4],
])('the hash of "%s"', (text, expected) => expect(hash(Buffer.from(text))).toBe(expected));

test('a compiled catalogue is found by LuCI’s way: the index at the end, by hashes in order', () => {
  const compiled = lmo([
    { id: '', text: 'Plural-Forms: nplurals=2; plural=(n != 1);\n' },
    { id: 'abc', text: 'Straße' },
    { id: 'ab', text: 'zwei' },
    { id: 'Filter', text: 'Filter' },
  ]);
  const begin = compiled.readUInt32BE(compiled.length - 4);
  const rows = (compiled.length - 4 - begin) / 16;
  const row = (i: number) => [0, 4, 8, 12].map(at => compiled.readUInt32BE(begin + 16 * i + at));
  const found = Array.from({ length: rows }, (_, i) => row(i)).map(([key, , offset, length]) => [
    key,
    compiled.subarray(offset, offset! + length!).toString(),
  ]);
  expect(found).toEqual([
    [0, 'nplurals=2; plural=(n != 1);'],
    [hash(Buffer.from('ab')), 'zwei'],
    [hash(Buffer.from('abc')), 'Straße'],
  ]);
});
