import type { SessionStatistics } from '../../api/types.js';

/** A part of a whole: how many Flows, and their share from 0 to 1. */
export interface Part<Name extends string> {
  name: Name;
  flows: number;
  share: number;
}

export type Handshake = keyof SessionStatistics['handshakes'];
export type End = keyof SessionStatistics['ends'];

/** What became of handshakes; none where there was no connection. */
export function handshakeParts({ handshakes }: SessionStatistics): Part<Handshake>[] {
  return partsOf(handshakes);
}

/** Who closed what was established; what never happened is left out. */
export function endParts({ ends }: SessionStatistics): Part<End>[] {
  return partsOf(ends).filter(({ flows }) => flows > 0);
}

function partsOf<Name extends string>(counts: Readonly<Record<Name, number>>): Part<Name>[] {
  const entries = Object.entries(counts) as [Name, number][];
  const whole = entries.reduce((sum, [, flows]) => sum + flows, 0);
  return whole === 0 ? [] : entries.map(([name, flows]) => ({ name, flows, share: flows / whole }));
}
