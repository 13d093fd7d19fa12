import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('.', import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
  name => /\.(svelte|ts)$/.test(name) && !name.endsWith('.test.ts'),
);

test('nothing that a record says can become markup', () => {
  expect(files.length).toBeGreaterThan(40);
  for (const name of files) {
    const text = readFileSync(join(source, name), 'utf8');
    expect(text, name).not.toMatch(/\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
  }
});

test('no text for readers stands in a component: those are in i18n/', () => {
  for (const name of files.filter(file => file.endsWith('.svelte'))) {
    const markup = readFileSync(join(source, name), 'utf8')
      .replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, '')
      .replace(/\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '');
    expect(markup, name).not.toMatch(/(?:aria-label|title|placeholder)="[^"]*[a-z]{3}/);
    const words = [...markup.matchAll(/>([^<>]*[A-Za-z]{3}[^<>]*)</g)].map(([, text]) => text!.trim());
    expect(
      words.filter(text => !/^(· Weir|Weir|ICMP|NAT)$/.test(text)),
      name,
    ).toEqual([]);
  }
});
