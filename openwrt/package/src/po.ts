/** An entry of a catalogue of texts (GNU gettext's PO). The header's `id` is empty. */
export interface Entry {
  readonly id: string;
  readonly text: string;
}

/** Reads a catalogue without plural forms and contexts, which the pages do not use. @throws Error naming the line that is not understood */
export function readCatalogue(text: string): Entry[] {
  const entries: { id: string; text: string }[] = [];
  let field: 'id' | 'text' = 'id';
  text.split('\n').forEach((line, i) => {
    if (line === '' || line.startsWith('#')) return;
    const [, keyword, quoted] = /^(msgid |msgstr |)(".*")$/.exec(line) ?? [];
    if (quoted === undefined) throw new Error(`line ${i + 1} of the catalogue is not understood: ${line}`);
    if (keyword === 'msgid ') entries.push({ id: '', text: '' });
    if (keyword !== '') field = keyword === 'msgid ' ? 'id' : 'text';
    const entry = entries.at(-1);
    if (entry === undefined) throw new Error(`line ${i + 1} of the catalogue comes before any msgid`);
    entry[field] += JSON.parse(quoted) as string;
  });
  return entries;
}

/** The catalogue that translators begin with. */
export function template(ids: readonly string[]): string {
  const header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n';
  return [header, ...ids.map(id => `msgid ${JSON.stringify(id)}\nmsgstr ""\n`)].join('\n');
}

/** What stands between `_('` and `')` in scripts, and titles of a menu; each once, in the order of their first use. */
export function textsOf(scripts: readonly string[], menu: string): string[] {
  const called = scripts.flatMap(script =>
    [...script.matchAll(/\b_\(\s*'((?:[^'\\]|\\.)*)'\s*\)/g)].map(([, text]) => text!.replaceAll(/\\(.)/g, '$1')),
  );
  const titles = [...menu.matchAll(/"title": "([^"]*)"/g)].map(([, title]) => title!);
  return [...new Set([...titles, ...called])];
}
