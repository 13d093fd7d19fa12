import type { Texts } from '../index.js';

export const quality: Texts['quality'] = {
  title: 'Antworten und Umlaufzeiten',
  trips: 'Umlaufzeit von TCP-Handshakes',
  half: 'die Hälfte der Flows',
  nine: '9 von 10',
  most: '99 von 100',
  shares: 'Anteile der Flows',
  answered: 'beantwortet',
  unopened: 'TCP ohne Handshake',
  resets: 'TCP abgebrochen',
  columns: {
    flows: 'Flows',
    unanswered: 'Unbeantwortet',
    unopened: 'Kein Handshake',
    resets: 'Abgebrochen',
    p50: 'Umlaufzeit, Hälfte',
    p90: '9 von 10',
    p99: '99 von 100',
  },
  caption: (count: string) => `Die ${count} mit den meisten Flows`,
  sort: (column: string) => `Nach ${column} sortieren`,
  none: 'Keine Flows in dieser Zeit.',
};
