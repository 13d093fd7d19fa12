import { setLocale } from '../format/locale.js';
import { en } from './en/index.js';

/** All that these pages say. Each language has every text; the compiler sees to it. */
export type Texts = typeof en;

/** The languages by their own names. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** How numbers and times are written; English with a clock of 24 hours. */
const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE' };

/** What the pages say in the language spoken. It changes with `speak` alone, before the pages are drawn. */
export let t: Texts = en;
export let language: Language = 'en';

/** Speaks a language, whose texts are loaded if need be. */
export async function speak(next: Language): Promise<void> {
  t = next === 'de' ? (await import('./de/index.js')).de : en;
  language = next;
  setLocale(LOCALES[next]);
}

/** The reader's choice, else the first language of the browser that there is, else English. */
export function languageFor(kept: string | null, wanted: readonly string[]): Language {
  const codes = [kept ?? '', ...wanted].map(code => code.toLowerCase().split('-')[0]!);
  return codes.find((code): code is Language => Object.hasOwn(LANGUAGES, code)) ?? 'en';
}
