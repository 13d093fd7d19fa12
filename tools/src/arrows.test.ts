import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PACKAGES = new Map([
  ['@weir/ipfix', 'packages/ipfix/'],
  ['@weir/flow', 'packages/flow/'],
  ['@weir/probe', 'packages/probe/'],
  ['@weir/collector', 'packages/collector/'],
  ['@weir/collector/reading', 'packages/collector/'],
  ['@weir/web', 'packages/web/'],
  ['@weir/lab', 'packages/lab/'],
  ['weir', 'packages/weir/'],
]);
interface Rule {
  from: string;
  to: string[];
  except: string[];
  packages?: string[];
  why: string;
}

const rules = JSON.parse(readFileSync(join(root, 'tools/src/arrows.json'), 'utf8')) as { deny: Rule[] };

/** Every source file of the packages that ships: tests may drive anything. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'acceptance', 'testing'].includes(entry.name) ? [] : sources(path);
    return /\.(ts|svelte)$/.test(entry.name) && !/\.test\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** What a file imports: a path in the repository, or the name of a package. */
function imports(file: string, text: string): string[] {
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1]);
  return specifiers.map(specifier => {
    if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
    return PACKAGES.get(specifier) ?? specifier;
  });
}

function violates(rule: Rule, file: string, target: string): boolean {
  if (!file.startsWith(rule.from)) return false;
  if (target.startsWith('packages/')) {
    return rule.to.some(prefix => target.startsWith(prefix)) && !rule.except.some(prefix => target.startsWith(prefix));
  }
  return (rule.packages ?? []).some(name => name === '*' || target.startsWith(name));
}

describe('arrows', () => {
  const files = sources('packages');

  test.each(rules.deny)('$from: $why', rule => {
    const found = files.flatMap(file => {
      const text = readFileSync(join(root, file), 'utf8');
      return imports(file, text)
        .filter(target => violates(rule, file, target))
        .map(target => `${relative(root, join(root, file))} imports ${target}`);
    });
    expect(files.some(file => file.startsWith(rule.from))).toBe(true);
    expect(found).toEqual([]);
  });

  test('a forbidden import is found', () => {
    const [rule] = rules.deny.filter(rule => rule.from === 'packages/ipfix/');
    const [target] = imports('packages/ipfix/src/x.ts', "import { readFileSync } from 'node:fs';");
    expect(violates(rule, 'packages/ipfix/src/x.ts', target)).toBe(true);
  });
});
