import type { Page, Request } from 'playwright-core';
import { sleep, until } from '../../../packages/lab/dist/run/wait.js';

/** What goes on for as long as the page is open, and who is there. */
const LASTING = new Set(['live', 'status', 'events', 'me']);
/** Milliseconds in which what depends on an answer is asked. */
const PAUSE = 100;
/** Milliseconds without a question after which there comes none any more. */
const QUIET = 1000;
const LONGEST_SECONDS = 300;

/**
 * Opens a page. `shown`: seconds until every question that it begins with has an answer, be it an estimate, and that is drawn; `exact`: until none is an estimate any
 * more. A question that is asked once more is one whose answer is there.
 */
export async function opened(page: Page, address: string): Promise<{ shown: number; exact: number }> {
  const asked = new Set<string>();
  const first = new Set<Request>();
  const others = new Set<Request>();
  let last = 0;
  let shown: number | undefined;
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  page.on('request', request => {
    const question = questionOf(request);
    if (question === undefined) return;
    (asked.has(question) ? others : first).add(request);
    asked.add(question);
  });
  const answered = async (request: Request): Promise<void> => {
    if (!others.delete(request) && !first.delete(request)) return;
    last = seconds();
    if (first.size > 0 || shown !== undefined) return;
    await page.evaluate('new Promise(done => requestAnimationFrame(() => setTimeout(done)))');
    const drawn = seconds();
    await sleep(PAUSE);
    if (first.size === 0) shown ??= drawn;
  };
  page.on('requestfinished', answered);
  page.on('requestfailed', answered);
  await page.goto(address);
  await until('all answers', LONGEST_SECONDS, () => {
    const isQuiet = first.size + others.size === 0 && seconds() - last > QUIET / 1000;
    return shown !== undefined && isQuiet ? true : undefined;
  });
  const note = await page.getByTestId('estimated').textContent();
  if (note !== '') throw new Error(`the page still says: ${note}`);
  return { shown: shown!, exact: Math.max(shown!, last) };
}

/** What is asked of the collector, whether or not an estimate will do. */
function questionOf(request: Request): string | undefined {
  const { pathname, searchParams } = new URL(request.url());
  const [, name] = /^\/api\/v1\/(.+)$/.exec(pathname) ?? [];
  if (name === undefined || LASTING.has(name)) return undefined;
  searchParams.delete('estimate');
  return `${request.method()} ${name}?${searchParams}`;
}
