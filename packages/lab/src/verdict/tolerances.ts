import type { Expectations } from '../scenario/scenario.js';

/** {@link Expectations} as numbers, defaults filled in: octets, and milliseconds. */
export interface Tolerances {
  lost: number;
  duplicated: number;
  invented: number;
  octets: number;
  packets: number;
  start: number;
  end: number;
  smoothness?: number;
  malformed: number;
}

/** What a scenario expects. @param end how its flows end: a destroyed one's last packet is less well known */
export function tolerances(_expect: Expectations | undefined, _end: 'destroy' | 'expire' | undefined): Tolerances {
  throw new Error('not built yet');
}
