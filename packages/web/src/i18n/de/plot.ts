import type { Texts } from '../index.js';

export const plot = {
  title: 'Durchsatz',
  in: 'Ein',
  out: 'Aus',
  range: 'Zeitraum',
  at: (clock: string) => `um ${clock}`,
  atHelp: 'Die neueste Zeit, die jeder Flow gemeldet hat',
  arriving: 'trifft noch ein',
  arrivingEvery: (length: string) => `(Berichte alle ${length})`,
  arrivingHelp: (length: string) =>
    `Ein Flow, der andauert, wird alle ${length} gemeldet. Bis dahin fehlen seine neuesten Sekunden hier; sie kommen mit seinem Bericht.`,
  packetsPerSecond: (rate: string) => `${rate} Pakete/s`,
} satisfies Texts['plot'];
