// Of the manual, and of all other Markdown: every link leads somewhere.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INDEX, pagePaths, pageText, repository, sections } from '../manual/contents.js';
import { render } from '../manual/markdown.js';

/** Folders that are not the repository's own text. */
const OTHERS = new Set(['node_modules', 'dist', 'build', '.git']);

function markdownBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { withFileTypes: true }).flatMap(entry => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return OTHERS.has(entry.name) && path !== 'openwrt/build' ? [] : markdownBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

const everywhere = markdownBelow('.');

/** What is wrong with a link of a page; undefined where it leads somewhere. */
function problem(link: string, page: string): string | undefined {
  if (/^(https?:|mailto:)/.test(link)) return undefined;
  const [path, anchor] = link.split('#', 2);
  const target = path === '' ? page : posix.join(posix.dirname(page), path!);
  if (!existsSync(join(repository, target))) return `${page}: ${link}: there is no ${target}`;
  if (anchor === undefined || !statSync(join(repository, target)).isFile()) return undefined;
  const { anchors } = render(pageText(target), target);
  return anchors.includes(anchor) ? undefined : `${page}: ${link}: ${target} has no heading of that name`;
}

test('every link of every page leads to a file, and to a heading of it', () => {
  expect(everywhere.length).toBeGreaterThan(50);
  const links = everywhere.flatMap(page => render(pageText(page), page).links.map(link => ({ link, page })));
  expect(links.length).toBeGreaterThan(200);
  expect(links.flatMap(({ link, page }) => problem(link, page) ?? [])).toEqual([]);
});

test('the index lists every page of the manual once', () => {
  const paths = sections(pageText(INDEX)).flatMap(({ pages }) => pages.map(({ path }) => path));
  expect([...paths].sort()).toEqual(pagePaths().filter(path => path !== INDEX));
});

test('every page has one title, and pictures are described', () => {
  for (const path of pagePaths()) {
    const { html, title, pictures } = render(pageText(path), path);
    expect(title, path).not.toBe('');
    expect(html.match(/<h1/g), path).toHaveLength(1);
    for (const picture of pictures) expect(existsSync(join(repository, picture)), picture).toBe(true);
    expect(html, path).not.toMatch(/<img [^>]*alt=""/);
  }
});

describe('HTML of a page', () => {
  const htmlOf = (markdown: string) => render(markdown, 'docs/how-to/x.md').html;

  test('what is markup in the text is text', () => {
    const html = htmlOf('# A <b>\n\n<script>alert(1)</script>\n\n`<i>` and [<u>](y.md "t")\n\n    <s>\n');
    expect(html).not.toMatch(/<(b|script|i|u|s)>/);
    expect(html).toContain('&lt;script&gt;');
  });

  test('links lead to pages, and to nothing that is not there', () => {
    expect(htmlOf('[a](../reference/b.md#c)')).toContain('<a href="../reference/b.html#c">a</a>');
    expect(htmlOf('[a](../README.md)')).toContain('<a href="../index.html">a</a>');
    expect(htmlOf('[a](#c) [d](https://e.example/)')).toContain(
      '<a href="#c">a</a> <a href="https://e.example/">d</a>',
    );
    expect(htmlOf('[a](../../bpf/README.md)')).toBe('<p>a</p>\n');
  });

  test('headings have the names that GitHub gives them', () => {
    const { anchors, title } = render(
      '# `weir up`, & more\n## TCP and TLS\n## TCP and TLS\n## Größe (IPv6)\n',
      'docs/x.md',
    );
    expect(title).toBe('weir up, & more');
    expect(anchors).toEqual(['weir-up--more', 'tcp-and-tls', 'tcp-and-tls-1', 'größe-ipv6']);
  });
});
