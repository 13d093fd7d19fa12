import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBrowser, pdfOf } from './pdf.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('without a browser it says what to do', async () => {
  expect(findBrowser(folder)).toBeUndefined();
  await expect(pdfOf('<p>', findBrowser(folder) ?? '/nonexistent/chromium')).rejects.toThrow(
    /^\/nonexistent\/chromium made no PDF: .*ENOENT; the page \(html\) can be printed by hand$/,
  );
});

test('a browser that fails is told of with what it says', async () => {
  const program = join(folder, 'chromium');
  writeFileSync(program, '#!/bin/sh\necho it hurts >&2\nexit 3\n');
  chmodSync(program, 0o755);
  expect(findBrowser(folder)).toBe(program);
  await expect(pdfOf('<p>', program)).rejects.toThrow('it ended with 3: it hurts');
});

test('what it prints is a PDF', { skip: findBrowser() === undefined, timeout: 90_000 }, async () => {
  const page = '<!doctype html><title>A report</title><p>Hello</p>';
  const pdf = Buffer.from(await pdfOf(page)).toString('latin1');
  expect(pdf.slice(0, 5)).toBe('%PDF-');
  expect(pdf).toMatch(/\/Type\s*\/Page\b/);
});
