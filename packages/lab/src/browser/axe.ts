import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LEVELS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What a page has against WCAG 2.2 AA, as far as a program can see it: one line an element. */
export async function violations(page: Page): Promise<string[]> {
  // By the debugger: a script element would be refused by the page's Content-Security-Policy.
  await page.evaluate(source);
  const options = JSON.stringify({ runOnly: LEVELS, resultTypes: ['violations'] });
  const found = await page.evaluate<Violation[]>(`axe.run(document, ${options}).then(result => result.violations)`);
  return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}
