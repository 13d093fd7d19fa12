const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_557_600_000,
};

const rfc3339 = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads a time as people write it: RFC 3339 (or its date alone, in UTC), relative to now (`-15m`, `-1d`, `+5s`; units ms s m h d w y),
 * `now`, or milliseconds since the epoch.
 * @param now milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined where the text is no time
 */
export function parseTime(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  const relative = /^([+-])(\d{1,12})(ms|[smhdwy])$/.exec(text);
  if (relative !== null) {
    const distance = Number(relative[2]) * units[relative[3]!]!;
    return bounded(relative[1] === '-' ? now - distance : now + distance);
  }
  if (/^\d{1,15}$/.test(text)) return bounded(Number(text));
  if (!rfc3339.test(text)) return undefined;
  return bounded(Date.parse(text.replace(' ', 'T').toUpperCase()));
}

/** What is a time for people, in an error. */
export const TIME_FORMS = 'write RFC 3339 like 2026-01-31T12:00:00Z, relative like -15m or -1d, or now';

/** The engine keeps times from 1900 to 2299; what is far in the past means "from the beginning". */
function bounded(time: number): number | undefined {
  if (Number.isNaN(time)) return undefined;
  return Math.min(Math.max(time, Date.UTC(1970, 0, 1)), Date.UTC(2299, 0, 1));
}
