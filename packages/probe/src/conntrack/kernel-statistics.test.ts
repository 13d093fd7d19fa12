import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ignoredPackets } from './kernel-statistics.js';

const HEADER = 'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop';

test('adds up the processors, in hexadecimal', () => {
  const line = (invalid: string, drop: string) => `00000001 0 0 0 ${invalid} 0 0 0 0 0 ${drop} 0`;
  expect(ignoredPackets(`${HEADER}\n${line('0000000a', '00000001')}\n${line('00000010', '00000000')}\n`)).toBe(27);
});

test.each([undefined, '', HEADER, `a b\n1 2\n`, `${HEADER}\n00000001 0\n`])('is not known from %j', text => {
  expect(ignoredPackets(text)).toBeUndefined();
});

test('reads what this kernel writes', context => {
  let text: string;
  try {
    text = readFileSync('/proc/net/stat/nf_conntrack', 'utf8');
  } catch {
    return context.skip(
      'no /proc/net/stat/nf_conntrack: conntrack is not loaded, or CONFIG_NF_CONNTRACK_PROCFS is off',
    );
  }
  expect(ignoredPackets(text)).toBeGreaterThanOrEqual(0);
});
