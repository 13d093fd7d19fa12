import { describe, expect, test } from 'vitest';
import { allPages, csvLine, fileOf, type TableFormat } from './file.js';

async function written(format: TableFormat, names: string[], ...pages: unknown[][][]): Promise<[string, number[]]> {
  const counts: number[] = [];
  async function* rows() {
    yield* pages;
  }
  let text = '';
  for await (const part of fileOf(format, { names, rows: rows() }, count => counts.push(count))) text += part;
  return [text, counts];
}

describe('CSV', () => {
  test('has a line for each row, under the names of the columns', async () => {
    const [text, counts] = await written('csv', ['src', 'octets'], [['10.0.0.1', 5]], [['10.0.0.2', undefined]]);
    expect(text).toBe('src,octets\r\n10.0.0.1,5\r\n10.0.0.2,\r\n');
    expect(counts).toEqual([1, 2]);
  });

  test('keeps what has commas, quotes and lines in one value', () => {
    expect(csvLine(['a,b', 'say "no"', 'one\ntwo', [1, 2], null])).toBe('"a,b","say ""no""","one\ntwo","[1,2]",\r\n');
  });

  test('makes no formulas of what flows say', () => {
    expect(csvLine(['=HYPERLINK("x")', '+1+2', '@a', '-5', -5])).toBe(`"'=HYPERLINK(""x"")",'+1+2,'@a,-5,-5\r\n`);
  });
});

describe('JSON', () => {
  test('is one list of objects', async () => {
    const [text] = await written('json', ['src', 'vlan'], [['a', 1]], [], [['b', undefined]]);
    expect(JSON.parse(text)).toEqual([
      { src: 'a', vlan: 1 },
      { src: 'b', vlan: null },
    ]);
    expect(JSON.parse((await written('json', ['src']))[0])).toEqual([]);
  });
});

test('all pages, and no more than wanted', async () => {
  const asked: (string | undefined)[] = [];
  const fetch = async (after?: string) => {
    asked.push(after);
    const first = Number(after ?? 0);
    return { rows: [first, first + 1], next: first < 8 ? String(first + 2) : undefined };
  };
  const read = async (most: number) => {
    const rows: number[] = [];
    for await (const page of allPages(fetch, most)) rows.push(...page);
    return rows;
  };
  expect(await read(100)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await read(3)).toEqual([0, 1, 2]);
  expect(asked).toHaveLength(5 + 2);
});
