/** How numbers and times are written, as a BCP 47 tag. */
export let locale = 'en-GB';

const changes: (() => void)[] = [];

export function setLocale(next: string): void {
  locale = next;
  for (const change of changes) change();
}

/** What `make` makes for the locale, anew when that changes: formatters are dear to make. */
export function perLocale<T>(make: (locale: string) => T): () => T {
  let made: T | undefined;
  changes.push(() => (made = undefined));
  return () => (made ??= make(locale));
}
