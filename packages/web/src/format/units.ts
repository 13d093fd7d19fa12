import { perLocale } from './locale.js';

const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Formatters of numbers with 0, 1 and 2 digits behind the point. */
const digits = perLocale(locale =>
  [0, 1, 2].map(count => new Intl.NumberFormat(locale, { minimumFractionDigits: count, maximumFractionDigits: count })),
);
const percent = perLocale(locale =>
  [0, 1].map(
    count =>
      new Intl.NumberFormat(locale, {
        style: 'percent',
        minimumFractionDigits: count,
        maximumFractionDigits: count,
      }),
  ),
);
const exact = perLocale(locale => new Intl.NumberFormat(locale));
const plural = perLocale(locale => new Intl.PluralRules(locale));

/** Three significant digits and no more: 1.23, 12.3, 123. */
function threeDigits(value: number): string {
  const count = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return digits()[count]!.format(value);
}

/** A number >= 0 with an SI prefix and a unit, steps of 1000: "1.23 MB". Whole below 1000 where `whole` is set. */
function withPrefix(value: number, unit: string, whole: boolean): string {
  let scaled = value;
  let prefix = 0;
  while (scaled >= 999.5 && prefix < SI.length - 1) {
    scaled /= 1000;
    prefix++;
  }
  const small = prefix === 0 && (whole || Number.isInteger(scaled));
  const text = small ? digits()[0]!.format(scaled) : threeDigits(scaled);
  return `${text} ${SI[prefix]}${unit}`.trimEnd();
}

/** "512 B", "1.23 MB". */
export function formatOctets(octets: number): string {
  return withPrefix(octets, 'B', true);
}

/** Octets per second, said in bit/s: "84.2 Mbit/s". */
export function formatBitRate(octetsPerSecond: number): string {
  return withPrefix(octetsPerSecond * 8, 'bit/s', true);
}

/** "50.0 Mbit/s" as "50 Mbit/s", for the round numbers of an axis. */
export function withoutZeros(text: string): string {
  return text.replace(/([.,]\d*?)0+ /, '$1 ').replace(/[.,] /, ' ');
}

/** Packets (or records, ...) per second: "1.20 k", "0.30". */
export function formatRate(perSecond: number): string {
  return withPrefix(perSecond, '', false);
}

/** Whole below a million with grouping ("123,456"), "1.23 M" from there. */
export function formatCount(count: number): string {
  return count < 999_500 ? digits()[0]!.format(count) : withPrefix(count, '', true);
}

/** A number to its last digit: "4,294,967,295". */
export function formatExact(number: number): string {
  return exact().format(number);
}

/** A noun for one and for several of it. */
export interface Noun {
  one: string;
  other: string;
}

/** "1 packet", "2,000 packets". */
export function formatCounted(count: number, noun: Noun): string {
  return `${formatCount(count)} ${plural().select(count) === 'one' ? noun.one : noun.other}`;
}

/** A share from 0 to 1 as percent: "<0.1%", "4.2%", "87%". */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.001) return `<${percent()[1]!.format(0.001)}`;
  return percent()[share > 0 && share < 0.1 ? 1 : 0]!.format(share);
}
