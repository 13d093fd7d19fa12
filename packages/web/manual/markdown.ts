import { posix } from 'node:path';
import { Marked, type Tokens } from 'marked';

/** A page of the manual, as HTML. */
export interface Rendered {
  readonly title: string;
  readonly html: string;
  /** Names that links may lead to, in this page. */
  readonly anchors: readonly string[];
  readonly links: readonly string[];
  /** Paths of pictures in the repository. */
  readonly pictures: readonly string[];
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (text: string): string => text.replace(/[&<>"]/g, each => escapes[each]!);

/** The name of a heading, as GitHub makes it, so that links hold here and there. */
export function anchorOf(heading: string, taken: ReadonlySet<string>): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
  const name = words.trim().replace(/\s/g, '-');
  let anchor = name;
  for (let i = 1; taken.has(anchor); i++) anchor = `${name}-${i}`;
  return anchor;
}

/**
 * Makes HTML of a page in docs/. What is HTML in it is shown as text: no page can bring markup of its own.
 * @param page its path in the repository
 */
export function render(markdown: string, page: string): Rendered {
  const anchors = new Set<string>();
  const links: string[] = [];
  const pictures: string[] = [];
  let title = '';
  const marked = new Marked({
    renderer: {
      // Comments are for who writes.
      html: ({ text }) => escaped(text.replaceAll(/<!--[\s\S]*?-->/g, '')),
      code: ({ text }) => `<pre tabindex="0"><code>${escaped(text)}</code></pre>\n`,
      heading({ tokens, depth }) {
        const text = this.parser.parseInline(tokens, this.parser.textRenderer);
        const anchor = anchorOf(unescaped(text), anchors);
        anchors.add(anchor);
        if (depth === 1) title = unescaped(text);
        return `<h${depth} id="${escaped(anchor)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        links.push(href);
        const inner = this.parser.parseInline(tokens);
        const target = addressOf(href, page);
        return target === undefined ? inner : `<a href="${escaped(target)}">${inner}</a>`;
      },
      image({ href, text }) {
        links.push(href);
        pictures.push(posix.join(posix.dirname(page), href));
        return `<img src="${escaped(href)}" alt="${escaped(text)}" loading="lazy">`;
      },
      table(token: Tokens.Table) {
        const row = (cells: string[], tag: string) =>
          `<tr>${cells.map(each => `<${tag}>${each}</${tag}>`).join('')}</tr>`;
        const inline = (cells: Tokens.TableCell[]) => cells.map(({ tokens }) => this.parser.parseInline(tokens));
        const head = inline(token.header);
        const titles = head.every(each => each === '') ? '' : `<thead>${row(head, 'th')}</thead>`;
        const body = token.rows.map(each => row(inline(each), 'td')).join('\n');
        return `<div class="table" tabindex="0"><table>${titles.replaceAll('<th></th>', '<td></td>')}<tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  const html = marked.parse(markdown, { async: false });
  return { title, html, anchors: [...anchors], links, pictures };
}

/** Where a link leads on a collector; undefined for what is in the repository only. */
function addressOf(href: string, page: string): string | undefined {
  if (/^(https?:|#)/.test(href)) return href;
  const [path, anchor] = href.split('#', 2);
  if (!posix.join(posix.dirname(page), path!).startsWith('docs/')) return undefined;
  const file = path!.replace(/(^|\/)README\.md$/, '$1index.html').replace(/\.md$/, '.html');
  return anchor === undefined ? file : `${file}#${anchor}`;
}

function unescaped(text: string): string {
  const names = Object.fromEntries(Object.entries(escapes).map(([character, name]) => [name, character]));
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, name => names[name] ?? "'");
}
