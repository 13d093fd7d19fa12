import { expect, test } from 'vitest';
import { compiledLater } from './regular-expressions.js';

test('literals are compiled where they are used, and mean the same', () => {
  const code = String.raw`[/a\/b\n"$/gi.test('xA/B\n"'), 'a-b'.replace(/[-/]/, '+'), 8 / 4 / 2]`;
  const later = compiledLater(code);
  expect(later).toBe(
    String.raw`[new RegExp("a\\/b\\n\"$", "gi").test('xA/B\n"'), 'a-b'.replace(new RegExp("[-/]", ""), '+'), 8 / 4 / 2]`,
  );
  // biome-ignore lint/security/noGlobalEval: of the text above
  expect(globalThis.eval(later)).toEqual([true, 'a+b', 1]);
});
