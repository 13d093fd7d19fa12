import { afterEach, describe, expect, test } from 'vitest';
import { formatDuration, formatInstant } from '../format/time.js';
import { formatCount, formatCounted, formatOctets, formatShare } from '../format/units.js';
import { de } from './de/index.js';
import { en } from './en/index.js';
import { languageFor, speak, t } from './index.js';

type Node = string | ((...values: never[]) => unknown) | { [key: string]: Node };

/** Every text with its path: those that are functions with placeholders in the place of what they are given. */
function textsOf(node: Node, path = ''): [path: string, text: string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') {
    const given = Array.from({ length: node.length }, (_, i) => `{${i}}`) as never[];
    return textsOf(node(...given) as Node, path);
  }
  return Object.entries(node).flatMap(([key, child]) => textsOf(child, `${path}.${key}`));
}

const placeholders = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).sort();
const english = new Map(textsOf(en));
const german = new Map(textsOf(de));

afterEach(() => speak('en'));

describe('German and English', () => {
  test('have the same texts', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
    expect(english.size).toBeGreaterThan(100);
  });

  test('leave none empty, and say the same values', () => {
    for (const [path, text] of english) {
      expect(text.trim(), path).not.toBe('');
      expect(german.get(path)?.trim(), path).not.toBe('');
      expect(placeholders(german.get(path)!), path).toEqual(placeholders(text));
    }
  });

  test('name the same commands and settings', () => {
    const commands = (text: string): string[] => (text.match(/`[^`]*`/g) ?? []).sort();
    for (const [path, text] of english) expect(commands(german.get(path)!), path).toEqual(commands(text));
  });
});

describe('the language', () => {
  test.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['fr', 'de'], 'de'],
    [null, ['fr'], 'en'],
    ['en', ['de'], 'en'],
    ['tlh', ['de'], 'de'],
    ['constructor', [], 'en'],
  ] as const)('is %s, then of %j: %s', (kept, wanted, expected) => expect(languageFor(kept, wanted)).toBe(expected));

  test('decides on words, numbers and times', async () => {
    await speak('de');
    expect(t.flows.source).toBe('Quelle');
    expect(formatOctets(1_234_000)).toBe('1,23 MB');
    expect(formatCount(123_456)).toBe('123.456');
    expect(formatShare(0.042)).toBe('4,2\u00a0%');
    expect(formatDuration(4240)).toBe('4,2 s');
    expect(formatCounted(1, t.nouns.packet)).toBe('1 Paket');
    expect(formatCounted(2, t.nouns.packet)).toBe('2 Pakete');
    expect(formatInstant(Date.UTC(2026, 9, 5, 12))).toContain('Okt');
    await speak('en');
    expect(formatOctets(1_234_000)).toBe('1.23 MB');
  });
});
