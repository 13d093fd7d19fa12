import { de } from './texts-de.js';
import { en } from './texts-en.js';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** All that a report says. Each language has every text; the compiler sees to it. */
export type Texts = typeof en;

export const texts: Readonly<Record<Language, Texts>> = { en, de };
