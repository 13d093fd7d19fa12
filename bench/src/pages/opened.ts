import type { Page, Request } from 'playwright-core';
import { until } from '../../../packages/lab/dist/run/wait.js';

/** What goes on for as long as the page is open. */
const LASTING = new Set(['live', 'status']);
/** Milliseconds without a question after which there comes none any more. */
const QUIET = 1000;
const LONGEST_SECONDS = 300;

/**
 * Opens a page. `shown`: seconds until every question has an answer, be it an estimate, and that is drawn; `exact`: until none is an estimate any more. A question that is
 * asked once more is one whose answer is there.
 */
export async function opened(page: Page, address: string): Promise<{ shown: number; exact: number }> {
  const asked = new Set<string>();
  const waiting = new Map<Request, boolean>();
  const last = { first: 0, any: 0 };
  let drawn = Promise.resolve(0);
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  page.on('request', request => {
    const question = questionOf(request);
    if (question === undefined) return;
    waiting.set(request, !asked.has(question));
    asked.add(question);
  });
  const answered = (request: Request): void => {
    const isFirst = waiting.get(request);
    if (isFirst === undefined) return;
    waiting.delete(request);
    last.any = seconds();
    if (!isFirst) return;
    last.first = last.any;
    drawn = page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done)))').then(seconds);
  };
  page.on('requestfinished', answered);
  page.on('requestfailed', answered);
  await page.goto(address);
  await until('all answers', LONGEST_SECONDS, async () => {
    return last.any > 0 && waiting.size === 0 && seconds() - last.any > QUIET / 1000 ? true : undefined;
  });
  const note = await page.getByTestId('estimated').textContent();
  if (note !== '') throw new Error(`the page still says: ${note}`);
  const shown = await drawn;
  return { shown, exact: Math.max(shown, last.any) };
}

/** What is asked of the collector, whether or not an estimate will do. */
function questionOf(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url());
  const [, name] = /^\/api\/v1\/(.+)$/.exec(pathname) ?? [];
  if (name === undefined || LASTING.has(name)) return undefined;
  searchParams.delete('estimate');
  return `${request.method()} ${name}?${searchParams}`;
}
