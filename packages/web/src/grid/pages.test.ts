import { expect, test } from 'vitest';
import { Pages, type Rows } from './pages.js';

const PAGE = 100;

/** A list of `total` numbers in pages, and the cursors that it was asked for. */
function list(total: number) {
  const asked: (string | undefined)[] = [];
  let failing = false;
  const fetch = async (after: string | undefined): Promise<Rows<number>> => {
    asked.push(after);
    if (failing) throw new Error('away');
    const first = Number(after ?? 0);
    const rows = Array.from({ length: Math.min(PAGE, total - first) }, (_, i) => first + i);
    return { rows, next: first + PAGE < total ? String(first + PAGE) : undefined };
  };
  const pages = new Pages<number>(fetch, () => undefined);
  return { pages, asked, fail: (now: boolean) => (failing = now) };
}

const settled = () => new Promise(resolve => setTimeout(resolve));

test('what is looked at is fetched, and a little more', async () => {
  const { pages, asked } = list(100_000);
  pages.look(0, 30);
  await settled();
  expect(pages.row(0)).toBe(0);
  expect(pages.row(29)).toBe(29);
  expect(pages.count).toBe(500);
  expect(pages.whole).toBe(false);
  expect(pages.row(5000)).toBeUndefined();
  expect(asked).toEqual([undefined, '100', '200', '300', '400']);
});

test('the end is known, and nothing is asked behind it', async () => {
  const { pages, asked } = list(250);
  pages.look(0, 30);
  await settled();
  expect(pages.count).toBe(250);
  expect(pages.whole).toBe(true);
  pages.look(220, 250);
  await settled();
  expect(asked).toHaveLength(3);
  expect(pages.row(249)).toBe(249);
});

test('an empty list is whole', async () => {
  const { pages } = list(0);
  pages.look(0, 30);
  await settled();
  expect(pages.count).toBe(0);
  expect(pages.whole).toBe(true);
});

test('of a million rows few pages are kept, and what was dropped is fetched again by its cursor', async () => {
  const { pages, asked } = list(1_000_000);
  for (let at = 0; at < 1_000_000; at = pages.count) {
    pages.look(Math.max(0, at - 30), at);
    await settled();
  }
  expect(pages.count).toBe(1_000_000);
  expect(pages.keptPages).toBeLessThan(50);
  expect(pages.row(12_345)).toBeUndefined();
  const before = asked.length;
  pages.look(12_340, 12_370);
  await settled();
  expect(pages.row(12_345)).toBe(12_345);
  expect(asked.slice(before)).toEqual(['12300']);
  expect(pages.keptPages).toBeLessThan(50);
}, 60_000);

test('a question that failed is asked again when one looks again', async () => {
  const { pages, fail } = list(1000);
  fail(true);
  pages.look(0, 30);
  await settled();
  expect(pages.error).toBeInstanceOf(Error);
  expect(pages.whole).toBe(false);
  fail(false);
  pages.look(0, 30);
  await settled();
  expect(pages.error).toBeUndefined();
  expect(pages.row(3)).toBe(3);
});

test('nothing is taken after stop', async () => {
  const { pages } = list(1000);
  pages.look(0, 30);
  pages.stop();
  await settled();
  expect(pages.count).toBe(0);
});
