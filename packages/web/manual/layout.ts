import { posix } from 'node:path';
import type { Section } from './contents.js';
import { escaped, type Rendered } from './markdown.js';

/** Where a page is among the files of the build. */
export function fileOf(path: string): string {
  return path.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

export interface Frame {
  /** The page's path in the repository. */
  readonly path: string;
  readonly sections: readonly Section[];
  /** Of the pages that draw traffic: their queries and names. */
  readonly pages: readonly { readonly query: string; readonly name: string }[];
}

/** A page of the manual with the header of all pages, and the list of contents beside it. */
export function frame({ title, html }: Rendered, { path, sections, pages }: Frame): string {
  const up = posix.relative(posix.dirname(path), '.');
  const to = (target: string) => posix.relative(posix.dirname(path), fileOf(target)) || fileOf(target);
  const current = (target: string) => (target === path ? ' aria-current="page"' : '');
  const contents = sections.map(({ title: name, pages: listed }) => {
    const items = listed.map(
      each => `<li><a href="${to(each.path)}"${current(each.path)}>${escaped(each.title)}</a></li>`,
    );
    return `<h2>${escaped(name)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="${up}/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${up}/docs/manual.css">
<script src="${up}/docs/manual.js"></script>
<title>${escaped(title)} · Weir</title>
</head>
<body>
<header>
<a class="brand" href="${up}/"><img src="${up}/favicon.svg" width="28" height="28" alt="">Weir</a>
<nav class="pages" aria-label="Pages">
${pages.map(({ query, name }) => `<a href="${up}/${query}">${escaped(name)}</a>`).join('\n')}
<a href="${to('docs/README.md')}" aria-current="${path === 'docs/README.md' ? 'page' : 'true'}">Documentation</a>
</nav>
<button type="button" id="theme" aria-label="Switch between light and dark" title="Switch between light and dark"><svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2"><path stroke-linejoin="round" d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5Z"/></svg></button>
</header>
<div class="manual">
<nav class="contents" aria-label="Documentation">
${contents.join('\n')}
</nav>
<main>
${html}</main>
</div>
</body>
</html>
`;
}
