/** Careful looks into values that a feed made: nothing in it has to be of the type that it should be. */

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is under the names in turn; only what the feed itself has, never what objects inherit. */
export function at(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) {
    if (!isFields(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** The first of the names that is there and not null. */
export function either(value: unknown, ...names: readonly string[]): unknown {
  for (const name of names) {
    const found = at(value, name);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function entries(value: unknown): [string, unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

/** Longer is no name, address or model, but an accident or an attack. */
const LONGEST_TEXT = 200;

/** Control characters, and halves of characters that are none alone. */
const UNFIT = /[\p{Cc}\p{Cs}]/gu;

/** A text with something in it; numbers are texts, too. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string' || value.length > LONGEST_TEXT) return undefined;
  const trimmed = value.trim();
  return trimmed === '' ? undefined : trimmed.replace(UNFIT, '\uFFFD');
}

/** A finite number; texts that hold one are numbers, too. */
export function number(value: unknown): number | undefined {
  if (typeof value === 'string' && value.length < 40 && /^\s*[-+]?[\d.]/.test(value)) return finite(Number(value));
  return typeof value === 'number' ? finite(value) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** Undefined where it does not say. */
export function truth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true' || value === 'yes') return true;
  if (value === 0 || value === '0' || value === 'false' || value === 'no') return false;
  return undefined;
}

/** No program that tells of a mesh writes longer ones. */
const LONGEST_LINE = 2000;

/** The lines of a text without the space around them, those that can be of a mesh. */
export function linesOf(text: string): string[] {
  return text.split('\n').flatMap(line => (line.length > LONGEST_LINE ? [] : [line.trim()]));
}

/** A number of clients or the like. */
export function count(value: unknown): number | undefined {
  const found = number(value);
  return found === undefined || found < 0 || found > 1e9 ? undefined : Math.round(found);
}

/** From 0 to 1; what is beyond by rounding is 1. 0 is undefined: links over which nothing comes are not told of, so it means "not known". */
export function quality(value: unknown): number | undefined {
  const found = number(value);
  return found === undefined || found <= 0 || found > 1.01 ? undefined : Math.min(1, found);
}

/** What is added up along a path; endless costs are none. */
export function cost(value: unknown): number | undefined {
  const found = number(value);
  return found === undefined || found < 0 || found >= 1e12 ? undefined : found;
}

const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2200, 0);

/** A date as text, or seconds or milliseconds since the epoch, in milliseconds. */
export function moment(value: unknown): number | undefined {
  const plain = number(value);
  const found = typeof value === 'string' && plain === undefined ? Date.parse(withZone(value)) : (plain ?? Number.NaN);
  const milliseconds = found < 1e11 && plain !== undefined ? found * 1000 : found;
  return milliseconds >= EARLIEST && milliseconds < LATEST ? Math.round(milliseconds) : undefined;
}

/** A date without a zone is in UTC, as producers mean it. */
function withZone(date: string): string {
  return /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(date.trim())
    ? `${date.trim().replace(' ', 'T')}Z`
    : date;
}
