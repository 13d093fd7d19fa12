import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const repository = join(import.meta.dirname, '..', '..', '..');
/** The page that has all others in order, by kind. */
export const INDEX = 'docs/README.md';

export interface Section {
  readonly title: string;
  readonly pages: readonly { readonly title: string; readonly path: string }[];
}

/** Paths of all pages in the repository. */
export function pagePaths(): string[] {
  const names = readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' });
  return names
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`)
    .sort();
}

export function pageText(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

/** What the index lists. */
export function sections(index: string): Section[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map(part => ({
      title: part.slice(0, part.indexOf('\n')),
      pages: [...part.matchAll(/^- \[([^\]]+)\]\(([^)#]+\.md)\)/gm)].map(([, title, path]) => ({
        title: title!,
        path: posix.join('docs', path!),
      })),
    }));
}
