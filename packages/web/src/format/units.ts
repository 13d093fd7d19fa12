const SI = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Three significant digits and no more: 1.23, 12.3, 123. */
function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
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
  const digits = small ? scaled.toFixed(0) : threeDigits(scaled);
  return `${digits} ${SI[prefix]}${unit}`.trimEnd();
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
  return text.replace(/(\.\d*?)0+ /, '$1 ').replace('. ', ' ');
}

/** Packets (or records, ...) per second: "1.20 k", "0.30". */
export function formatRate(perSecond: number): string {
  return withPrefix(perSecond, '', false);
}

/** Whole below a million with grouping ("123,456"), "1.23 M" from there. */
export function formatCount(count: number): string {
  return count < 999_500 ? Math.round(count).toLocaleString('en') : withPrefix(count, '', true);
}

/** "1 packet", "2,000 packets". */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${count === 1 ? noun : `${noun}s`}`;
}

/** A share from 0 to 1 as percent: "<0.1%", "4.2%", "87%". */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1%';
  return percent < 10 && percent > 0 ? `${percent.toFixed(1)}%` : `${percent.toFixed(0)}%`;
}
