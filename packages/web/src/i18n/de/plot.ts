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
  keys: 'Verkehr über die Zeit: Pfeiltasten bewegen, mit Umschalt wählen sie aus, Eingabe zeigt die Auswahl, + und − ändern die Größe',
  drag: 'Über die Kurve ziehen, um zu vergrößern',
  earlier: 'Früher',
  later: 'Später',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  live: 'Zurück zu live',
  compare: { label: 'Vergleichen', none: 'Kein Vergleich', day: 'Tag davor', week: 'Woche davor' },
  compared: { day: 'der Tag davor', week: 'die Woche davor' },
  before: (direction: string) => `${direction} davor`,
  table: 'Als Tabelle',
  time: 'Zeit',
} satisfies Texts['plot'];
