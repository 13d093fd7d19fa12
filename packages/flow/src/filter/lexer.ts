import { FilterError } from './error.js';

/** `word` covers names, numbers, addresses and times: what it is depends on where it stands. */
export interface Token {
  readonly kind: 'word' | 'text' | 'symbol' | 'end';
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** Longest filter, characters. */
const LONGEST = 10_000;
const pattern = /\s*(?:([A-Za-z0-9_.:/+-]+)|"([^"]*)"|'([^']*)'|(<=|>=|!=|<>|==|&&|\|\||[=<>!(),]))/y;
const synonyms: Readonly<Record<string, string>> = { '==': '=', '<>': '!=', '&&': 'and', '||': 'or', '!': 'not' };

/** @throws FilterError at a character that begins nothing. */
export function tokens(filter: string): Token[] {
  if (filter.length > LONGEST) throw new FilterError(`longer than ${LONGEST} characters`, LONGEST + 1);
  const found: Token[] = [];
  const end = filter.trimEnd().length;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const match = pattern.exec(filter);
    if (match === null) throw strange(filter, from);
    found.push(token(match, from));
  }
  found.push({ kind: 'end', text: 'the end', column: end + 1 });
  return found;
}

function token(match: RegExpExecArray, from: number): Token {
  const column = from + (match[0].length - match[0].trimStart().length) + 1;
  if (match[1] !== undefined) return { kind: 'word', text: match[1], column };
  const quoted = match[2] ?? match[3];
  if (quoted !== undefined) return { kind: 'text', text: quoted, column };
  const symbol = synonyms[match[4]!] ?? match[4]!;
  return { kind: /^[a-z]/.test(symbol) ? 'word' : 'symbol', text: symbol, column };
}

function strange(filter: string, from: number): FilterError {
  const at = from + filter.slice(from).search(/\S/);
  const character = filter[at]!;
  if (character === '"' || character === "'") return new FilterError(`this text has no closing ${character}`, at + 1);
  return new FilterError(`${character} means nothing here`, at + 1);
}
