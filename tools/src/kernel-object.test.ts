import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { committedObject, compile, OBJECT, staleness, whyNoCompiler, whyOtherOctets } from './kernel-object.js';

test(`${OBJECT} is of the sources in bpf/; if not, run \`npm run generate\``, () => {
  expect(staleness()).toBeUndefined();
});

test(`${OBJECT} is what the compiler makes of them, octet for octet`, context => {
  const reason = whyNoCompiler() ?? whyOtherOctets();
  context.skip(reason !== undefined, `only checksums were compared: ${reason}`);
  expect(compile().content.equals(committedObject().content)).toBe(true);
});

test(`${OBJECT} is the same octets wherever it is compiled`, context => {
  const reason = whyNoCompiler();
  context.skip(reason !== undefined, reason);
  const folder = mkdtempSync(join(tmpdir(), 'weir-elsewhere-'));
  try {
    cpSync(fileURLToPath(new URL('../../bpf', import.meta.url)), join(folder, 'a longer name'), { recursive: true });
    expect(compile(join(folder, 'a longer name')).content.equals(compile().content)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test(`${OBJECT} names no directory of the machine that compiled it`, () => {
  const texts = committedObject().content.toString('latin1').split('\0');
  expect(texts.filter(text => /^\/\w+\/\w/.test(text))).toEqual([]);
});
