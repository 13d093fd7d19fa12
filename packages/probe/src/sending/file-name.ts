/** Conversions of strftime(3) that a file's name may have: the time in UTC. */
const CONVERSIONS: Readonly<Record<string, (time: Date) => string>> = {
  Y: time => String(time.getUTCFullYear()),
  m: time => two(time.getUTCMonth() + 1),
  d: time => two(time.getUTCDate()),
  H: time => two(time.getUTCHours()),
  M: time => two(time.getUTCMinutes()),
  S: time => two(time.getUTCSeconds()),
  s: time => String(Math.floor(time.getTime() / 1000)),
  '%': () => '%',
};

/** The name with each conversion filled in. @param wall milliseconds since the Unix epoch */
export function fileNameAt(pattern: string, wall: number): string {
  const time = new Date(wall);
  return pattern.replace(/%(.)/g, (whole, letter: string) => CONVERSIONS[letter]?.(time) ?? whole);
}

/** What is wrong with a pattern for files that are rotated; undefined where nothing is. */
export function problemOfPattern(pattern: string): string | undefined {
  const letters = Array.from(pattern.matchAll(/%(.?)/g), ([, letter]) => letter ?? '');
  const unknown = letters.find(letter => !(letter in CONVERSIONS));
  if (unknown !== undefined)
    return `"%${unknown}" is none of ${Object.keys(CONVERSIONS)
      .map(each => `%${each}`)
      .join(' ')}`;
  if (letters.every(letter => letter === '%')) return 'its name has no time, so that each file would replace the last';
  return undefined;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
