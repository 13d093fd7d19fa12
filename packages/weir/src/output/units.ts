const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E'];

/** A count in at most three digits and a decimal prefix: 950, 1.23 k, 45.6 M. */
export function formatCount(value: number): string {
  let scaled = value;
  let power = 0;
  while (Math.abs(scaled) >= 999.5 && power < prefixes.length - 1) {
    scaled /= 1000;
    power++;
  }
  if (power === 0) return String(value);
  const digits = scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${prefixes[power]}`;
}

/** A duration in milliseconds: 340 ms, 12.3 s, 4m05s, 2h03m. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${(milliseconds / 1000).toFixed(1)} s`;
  const pad = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${pad(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${pad(Math.floor((seconds % 3600) / 60))}m`;
}

/** Text from outside, fit for a terminal: a control character could move the cursor or worse. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
