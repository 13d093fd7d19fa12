import { fields } from '../fields.js';
import { resolveName } from '../operand.js';
import { FilterError } from './error.js';
import { type Token, tokens } from './lexer.js';
import { parseFilter } from './parser.js';
import { type KnownValue, knownValues, wordNames } from './vocabulary.js';

/** Something that can stand at the cursor. */
export interface Suggestion {
  /** What replaces the text from `from` to `to` of the completion. */
  readonly text: string;
  readonly kind: 'keyword' | 'field' | 'operator' | 'value';
  /** What it means, for people. */
  readonly detail?: string;
}

export interface Completion {
  /** The part of the text that a suggestion replaces, as slice takes it: the word at the cursor. */
  readonly from: number;
  readonly to: number;
  readonly suggestions: readonly Suggestion[];
}

const MOST = 100;
/** Values that are suggested before anything of one is there: else they would leave no room for what can stand there, too. */
const MOST_VALUES = 12;
const words: readonly Suggestion[] = [
  { text: 'and', kind: 'operator', detail: 'both' },
  { text: 'or', kind: 'operator', detail: 'one of both' },
  { text: 'not', kind: 'operator', detail: 'the opposite' },
  { text: 'not in', kind: 'operator', detail: 'none of several' },
  { text: 'src', kind: 'keyword', detail: 'of the source' },
  { text: 'dst', kind: 'keyword', detail: 'of the destination' },
  { text: 'host', kind: 'keyword', detail: 'an address' },
  { text: 'net', kind: 'keyword', detail: 'a network' },
  { text: 'port', kind: 'keyword', detail: 'a port' },
  { text: 'as', kind: 'keyword', detail: 'an autonomous system' },
  { text: 'country', kind: 'keyword', detail: 'a country, by its two letters' },
  { text: 'network', kind: 'keyword', detail: 'a network that the configuration names' },
  { text: 'name', kind: 'keyword', detail: 'a host, by its name' },
  { text: 'has', kind: 'keyword', detail: 'a field that the record has a value of' },
  { text: 'answered', kind: 'keyword', detail: 'packets came back' },
  { text: 'nat', kind: 'keyword', detail: 'translation changed an address or a port' },
  { text: 'in', kind: 'keyword', detail: 'one of several, or the interface that it came in by' },
  { text: 'out', kind: 'keyword', detail: 'the interface that it went out by' },
  { text: 'if', kind: 'keyword', detail: 'an interface' },
];
const symbols: readonly Suggestion[] = ['=', '!=', '<', '>', '<=', '>=', '(', ')', ','].map(text => ({
  text,
  kind: 'operator',
}));
const shortFields: readonly Suggestion[] = [
  ...fields.flatMap(({ names, label, unit }) =>
    names.map(text => ({ text, kind: 'field' as const, detail: unit === undefined ? label : `${label}, ${unit}` })),
  ),
  { text: 'duration', kind: 'field', detail: 'from the first to the last packet' },
  { text: 'rtt', kind: 'field', detail: 'time of the TCP handshake' },
  { text: 'domain', kind: 'field', detail: 'Observation Domain' },
  { text: 'exporter', kind: 'field', detail: 'who sent the record' },
];

/** Names that only who completes can know: of networks, tags, hosts, countries, by the column that has them. */
export type NamesOf = (column: string) => readonly string[];

/**
 * What can stand at the cursor, an offset in the text; at most a hundred. What stands behind the word at the cursor does not count. Each
 * suggestion is what the parser takes there: where the text before has a mistake, there is none.
 */
export function completeFilter(text: string, cursor: number = text.length, namesOf: NamesOf = () => []): Completion {
  const at = Math.max(0, Math.min(text.length, Math.trunc(cursor) || 0));
  const typed = /[A-Za-z0-9_.:/+-]*$/.exec(text.slice(0, at))![0] || /[=<>!&|]*$/.exec(text.slice(0, at))![0];
  const from = at - typed.length;
  const rest = /^[A-Za-z0-9_.:/+-]*/.exec(text.slice(at))![0];
  const to = /^[A-Za-z0-9]/.test(typed) || typed === '' ? at + rest.length : at;
  return { from, to, suggestions: suggestionsFor(text.slice(0, from), typed, namesOf) };
}

function suggestionsFor(before: string, typed: string, namesOf: NamesOf): Suggestion[] {
  const place = placeBehind(before, namesOf);
  if (place === undefined) return [];
  const start = typed.toLowerCase();
  const found: Suggestion[] = [];
  for (const suggestion of candidates(place, typed)) {
    if (found.length === MOST) break;
    const { text } = suggestion;
    if (!text.replace(/^"/, '').toLowerCase().startsWith(start) || text === typed) continue;
    if (leadsOn(before, text, place.inList ? ')' : '')) found.push(suggestion);
  }
  return found;
}

/** In the order of their use. The many Information Elements only where something of the name is there. */
function* candidates({ values, onlyValues }: Place, typed: string): Generator<Suggestion> {
  for (const { text, detail } of typed === '' ? values.slice(0, MOST_VALUES) : values) {
    yield { text, kind: 'value', detail };
  }
  if (onlyValues) return;
  yield* words;
  yield* symbols;
  yield* shortFields;
  if (typed === '') return;
  for (const name of wordNames()) yield { text: name, kind: 'field', detail: 'Information Element' };
}

/** Whether the parser takes the text, or lacks only what comes behind it. */
function leadsOn(before: string, text: string, closing = ''): boolean {
  // Where "not" alone leads on, "in" behind it is the way to an interface, not to a list.
  if (text === 'not in' && leadsOn(before, 'not')) return false;
  try {
    parseFilter(before + text + closing);
    return true;
  } catch (error) {
    return error instanceof FilterError && error.column > before.length + text.length;
  }
}

/** What is known of the place behind a text. */
interface Place {
  /** Values known of the field that is compared there. */
  readonly values: readonly KnownValue[];
  /** A value comes next: the parser would take any word for the name that is one. */
  readonly onlyValues: boolean;
  /** The parser judges the values of a list when it is closed. */
  readonly inList: boolean;
}

/** Undefined where the text means nothing. */
function placeBehind(before: string, namesOf: NamesOf): Place | undefined {
  try {
    return placeOf(tokens(before).slice(0, -1), namesOf);
  } catch (error) {
    if (error instanceof FilterError) return undefined;
    throw error;
  }
}

/** Behind `NAME =`, `NAME in (`, `NAME in (V,` a value of that field comes next, behind `proto` and `port` perhaps. */
function placeOf(before: readonly Token[], namesOf: NamesOf): Place {
  let end = before.length;
  const is = (...texts: string[]) => texts.includes(before[end - 1]?.text.toLowerCase() ?? '');
  const place = (inList: boolean, onlyValues = true): Place => {
    const name = before[end - 1];
    return { values: name?.kind === 'word' ? valuesOf(name.text, namesOf) : [], onlyValues, inList };
  };
  // Any word could be the name that comes next.
  if (is('if', 'network', 'name', 'tag')) return place(false);
  if (is('=', '!=', '<', '>', '<=', '>=')) {
    end--;
    return place(false);
  }
  while (is(',')) end -= 2;
  if (is('(') && before[end - 2]?.text.toLowerCase() === 'in') {
    end -= before[end - 3]?.text.toLowerCase() === 'not' ? 3 : 2;
    return place(true);
  }
  end = before.length;
  return is('proto', 'port', 'country') ? place(false, false) : { values: [], onlyValues: false, inList: false };
}

/** What fits either side has the values of one. */
function valuesOf(name: string, namesOf: NamesOf): readonly KnownValue[] {
  const operand = resolveName(name) ?? resolveName(`src${name}`);
  if (operand === undefined) return knownValues(name);
  const names = namesOf(operand.column).map(text => ({ text: quoted(text), detail: '' }));
  return [...names, ...knownValues(name)];
}

function quoted(name: string): string {
  return /^[\w.:/-]+$/.test(name) ? name : `"${name}"`;
}
