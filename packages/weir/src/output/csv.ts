import { takeFirst } from './writer.js';

/** Objects that the columns are chosen by. */
const SAMPLE = 10_000;

type Flat = Readonly<Record<string, unknown>>;

/**
 * RFC 4180, with a header. The columns are the keys of the first 10,000 objects; `more` holds, as JSON, what later ones have
 * beyond these.
 */
export async function* csvLines(objects: AsyncIterable<Flat>): AsyncGenerator<string> {
  const iterator = objects[Symbol.asyncIterator]();
  const sample = await takeFirst(iterator, SAMPLE);
  if (sample.length === 0) return;
  const columns = [...new Set(sample.flatMap(Object.keys))];
  const complete = sample.length < SAMPLE;
  yield [...columns, ...(complete ? [] : ['more'])].map(quoted).join(',');
  const known = new Set(columns);
  const lineOf = (object: Flat) => {
    const cells = columns.map(column => quoted(textOf(object[column])));
    if (complete) return cells.join(',');
    const more = Object.entries(object).filter(([key]) => !known.has(key));
    return [...cells, more.length === 0 ? '' : quoted(JSON.stringify(Object.fromEntries(more)))].join(',');
  };
  for (const object of sample) yield lineOf(object);
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield lineOf(next.value);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
