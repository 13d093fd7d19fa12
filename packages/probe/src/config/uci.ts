import { WeirError } from '../error.js';

/** A section of a UCI file: an option has one value, a list several. */
export interface UciSection {
  readonly type: string;
  readonly name: string;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a file of OpenWrt's configuration (UCI): lines of "config TYPE [NAME]", "option NAME VALUE" and "list NAME VALUE".
 *
 * @throws WeirError naming the line that is none of these
 */
export function parseUci(text: string): UciSection[] {
  const sections: (UciSection & { readonly values: Map<string, string[]> })[] = [];
  text.split('\n').forEach((line, i) => {
    const fail = (what: string): never => {
      throw new WeirError(`line ${i + 1} of the configuration: ${what}`);
    };
    const [keyword, name, value, ...more] = wordsOf(line, fail);
    if (keyword === undefined) return;
    if (more.length > 0) fail(`"${more[0]}" is one word too many: put the value between quotes`);
    const section = sections.at(-1);
    if (keyword === 'config' && name !== undefined) sections.push({ type: name, name: value ?? '', values: new Map() });
    else if (keyword !== 'option' && keyword !== 'list')
      fail(`it begins with "${keyword}", not config, option or list`);
    else if (section === undefined) fail(`"${keyword}" comes before any "config"`);
    else if (name === undefined || value === undefined) fail(`${keyword} needs a name and a value`);
    else section.values.set(name, keyword === 'option' ? [value] : [...(section.values.get(name) ?? []), value]);
  });
  return sections;
}

/** Words between blanks, with quotes as the shell has them; a "#" that begins a word begins a comment. */
function wordsOf(line: string, fail: (what: string) => never): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const letter = line[i];
    if (quote !== '') {
      if (letter === quote) quote = '';
      else if (letter === '\\' && quote === '"') word += line[++i] ?? '';
      else word += letter;
    } else if (letter === ' ' || letter === '\t' || letter === '\r') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (letter === '#' && word === undefined) break;
    else if (letter === "'" || letter === '"') {
      quote = letter;
      word ??= '';
    } else word = (word ?? '') + (letter === '\\' ? (line[++i] ?? '') : letter);
  }
  if (quote !== '') fail(`a ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
