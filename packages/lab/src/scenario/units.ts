import { Type } from 'typebox';

const prefixes = { '': 1, k: 1e3, M: 1e6, G: 1e9 } as const;

/** Number and unit of "1.5 MB", "20 ms", "1 MB/s"; 1 kB is 1000 octets. */
function split(text: string): { number: number; unit: string } {
  const [, number, unit] = text.match(/^([0-9.]+) ?(.*)$/)!;
  return { number: Number(number), unit: unit! };
}

function toOctets(value: number | string): number {
  if (typeof value === 'number') return value;
  const { number, unit } = split(value);
  return Math.round(number * prefixes[unit.replace(/B(\/s)?$/, '') as keyof typeof prefixes]);
}

function toMilliseconds(value: number | string): number {
  if (typeof value === 'number') return value;
  const { number, unit } = split(value);
  return unit === 's' ? number * 1000 : number;
}

const number = '[0-9]+(\\.[0-9]+)?';

/** Octets, as a number or as text with a unit; read as a number. */
export const octets = (description: string, options: { default?: number } = {}) =>
  Type.Decode(
    Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: `^${number} ?[kMG]?B$` })], {
      description,
      examples: ['3 MB'],
      ...options,
    }),
    toOctets,
  );

/** Octets a second. */
export const rate = (description: string) =>
  Type.Decode(
    Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: `^${number} ?[kMG]?B/s$` })], {
      description,
      examples: ['1 MB/s'],
    }),
    toOctets,
  );

/** Milliseconds, as a number or as text with a unit; read as a number. */
export const duration = (description: string, options: { default?: number } = {}) =>
  Type.Decode(
    Type.Union([Type.Number({ minimum: 0 }), Type.String({ pattern: `^${number} ?(ms|s)$` })], {
      description,
      examples: ['20 ms'],
      ...options,
    }),
    toMilliseconds,
  );
