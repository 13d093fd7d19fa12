import type { Language } from './texts.js';

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };
const MAGNITUDES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
/** Between a number and its unit, so that no line ends there. */
const SPACE = '\u00a0';

/** How numbers and times are written in a language and time zone. */
export class Format {
  readonly #significant: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;
  readonly #percent: Intl.NumberFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #weekday: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #exact: Intl.DateTimeFormat;
  readonly #regions: Intl.DisplayNames;

  constructor(
    language: Language,
    readonly timeZone: string,
  ) {
    const locale = LOCALES[language];
    this.#significant = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.#percent = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const date = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
    this.#day = date({ day: 'numeric', month: 'long', year: 'numeric' });
    this.#weekday = date({ weekday: 'long' });
    this.#short = date({ weekday: 'short', day: 'numeric', month: 'numeric' });
    this.#moment = date({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    this.#exact = date({ dateStyle: 'long', timeStyle: 'short' });
    this.#regions = new Intl.DisplayNames(locale, { type: 'region', fallback: 'code' });
  }

  count(value: number): string {
    return this.#whole.format(value);
  }

  /** "1.23 TB" */
  octets(value: number): string {
    return this.#scaled(value, 'B');
  }

  /** "1.23 Gbit/s" */
  rate(bits: number): string {
    return this.#scaled(bits, 'bit/s');
  }

  /** "93.4 %" @param share 0 to 1 */
  share(share: number): string {
    return `${this.#percent.format(share * 100)}${SPACE}%`;
  }

  /** "+12 %"; undefined where there was nothing before. */
  change(now: number, before: number): string | undefined {
    if (!(before > 0)) return undefined;
    const ratio = now / before - 1;
    if (ratio > 9) return `× ${this.#whole.format(now / before)}`;
    const percent = Math.round(ratio * 100);
    return percent === 0 ? `±0${SPACE}%` : `${percent > 0 ? '+' : '−'}${Math.abs(percent)}${SPACE}%`;
  }

  /** "340 ms" */
  milliseconds(value: number): string {
    return `${this.#significant.format(value)}${SPACE}ms`;
  }

  number(value: number): string {
    return this.#significant.format(value);
  }

  /** "16 November 2026" */
  day(time: number): string {
    return this.#day.format(time);
  }

  /** "Monday 16 November 2026", or "16–22 November 2026". @param to the last moment of the span */
  days(from: number, to: number): string {
    const isOne = this.day(from) === this.day(to);
    return isOne ? `${this.#weekday.format(from)}, ${this.day(from)}` : this.#day.formatRange(from, to);
  }

  /** "16 Nov, 14:03 – 17 Nov, 15:00" */
  moments(from: number, to: number): string {
    return this.#exact.formatRange(from, to);
  }

  /** "Mon 16/11" */
  shortDay(time: number): string {
    return this.#short.format(time);
  }

  /** "16 Nov, 14:03" */
  moment(time: number): string {
    return this.#moment.format(time);
  }

  /** "4 h 12 min" */
  duration(milliseconds: number): string {
    const minutes = Math.round(milliseconds / 60_000);
    const part = (value: number, unit: string) => (value === 0 ? [] : [`${value}${SPACE}${unit}`]);
    const parts = [
      ...part(Math.floor(minutes / 1440), 'd'),
      ...part(Math.floor((minutes % 1440) / 60), 'h'),
      ...part(minutes % 60, 'min'),
    ];
    return parts.slice(0, 2).join(' ') || `< 1${SPACE}min`;
  }

  /** A country by its two letters; the letters where they are none of a country. */
  country(code: string): string {
    return /^[A-Z]{2}$/.test(code) ? (this.#regions.of(code) ?? code) : code;
  }

  #scaled(value: number, unit: string): string {
    const step = Math.min(MAGNITUDES.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)));
    return `${this.#significant.format(value / 1000 ** step)}${SPACE}${MAGNITUDES[step]}${unit}`;
  }
}
