import type { Texts } from '../index.js';

export const tops = {
  label: 'Meister Verkehr',
  kinds: {
    sources: 'Quellen',
    destinations: 'Ziele',
    services: 'Dienste',
    countries: 'Länder der Ziele',
    networks: 'Netze der Ziele',
  },
  help: 'Gesendet und empfangen. Ein Klick nimmt es in den Filter auf.',
  unknown: 'nicht bekannt',
  absent: 'ohne',
  protocol: (number: number) => `Protokoll ${number}`,
  none: 'Nichts in dieser Zeit.',
  narrow: (label: string) => `Nur ${label}`,
} satisfies Texts['tops'];
