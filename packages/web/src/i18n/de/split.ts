import type { Texts } from '../index.js';

export const split = {
  by: 'Unterschieden nach',
  together: 'nichts',
  dimensions: {
    host: 'Host',
    service: 'Dienst',
    network: 'Netz',
    as: 'Autonomes System',
    country: 'Land',
    interface: 'Schnittstelle',
    exporter: 'Exporter',
    protocol: 'Protokoll',
  },
  of: {
    host: 'Ziele',
    service: 'Dienste',
    network: 'Netze der Ziele',
    as: 'Autonome Systeme der Ziele',
    country: 'Länder der Ziele',
    interface: 'Schnittstellen zu den Zielen',
    exporter: 'Exporter',
    protocol: 'Protokolle',
  },
  both: 'Ein und aus zusammen',
  others: 'andere',
  port: (number: number) => `Port ${number}`,
  noPort: 'ohne Port',
  interface: (number: number) => `Schnittstelle ${number}`,
} satisfies Texts['split'];

export const summary = {
  label: 'Antworten',
  traffic: 'Verkehr',
  trafficNote: (flows: string, packets: string) => `${flows}, ${packets}`,
  answered: 'Beantwortet',
  answeredNote: (unanswered: string) => `ohne Antwort: ${unanswered}`,
  untold: 'kein Record sagt es',
  roundTrip: 'Umlaufzeit',
  roundTripNote: (p90: string, p99: string) => `90 % in ${p90}, 99 % in ${p99}`,
  roundTripNone: 'kein TCP-Handshake gemessen',
  median: (length: string) => `${length} im Median`,
  histogram: 'Umlaufzeiten: wie viele Flows wie lange brauchten',
  more: 'mehr',
  above: (flows: string) => `mehr: ${flows}`,
  upTo: (length: string, flows: string) => `bis ${length}: ${flows}`,
} satisfies Texts['summary'];
