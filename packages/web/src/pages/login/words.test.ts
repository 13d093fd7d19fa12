import { expect, test } from 'vitest';
import { wordsOf } from './words.js';

test.each([
  [['de-AT', 'en'], 'de'],
  [['fr', 'en-GB', 'de'], 'en'],
  [['fr', 'DE'], 'de'],
  [['constructor'], 'en'],
  [[], 'en'],
])('%j is answered in %s', (languages, language) => {
  expect(wordsOf(languages).language).toBe(language);
});

test('the languages differ in their words', () => {
  const [en, de] = [wordsOf(['en']).words, wordsOf(['de']).words];
  expect(Object.values(de).every(text => text !== '')).toBe(true);
  expect(en.wait(7)).toContain('7');
  expect(de.wait(7)).toContain('7');
  expect(de.wait(7)).not.toBe(en.wait(7));
});
