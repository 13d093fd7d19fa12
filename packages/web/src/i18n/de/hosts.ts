import type { Texts } from '../index.js';

export const host = {
  title: 'Host',
  none: 'Kein Host gewählt.',
  toNetwork: 'Auf der Seite des Netzes einen wählen',
  names: 'Namen',
  systems: 'Autonomes System',
  countries: 'Land',
  networks: 'Netz',
  unknownHelp:
    'Kein Flow Record dieser Zeit sagt es. Namen und Netze kommen aus der Konfiguration, Systeme und Länder aus Datenbanken.',
  around: (prefix: string) => `Netz ${prefix}`,
  flows: 'Alle seine Flows',
  both: (sent: string, received: string) => `↑ ${sent} ↓ ${received}`,
  tables: {
    peers: 'Gegenüber',
    asked: 'Dienste, die er nutzt',
    offered: 'Dienste, die er bietet',
    protocols: 'Protokolle',
  },
  picture: 'Gegenüber und Dienste',
  pictureHelp: 'Links das Gegenüber, rechts die Dienste. Je breiter, desto mehr Oktette in beiden Richtungen.',
  offers: (service: string) => `${service}, geboten`,
} satisfies Texts['host'];

export const network = {
  title: 'Netz',
  all: 'der gesamte Verkehr',
  prefix: 'Netz oder Host',
  show: 'Zeigen',
  showAll: 'Gesamter Verkehr',
  noPrefix: 'Ein Netz wie 10.0.0.0/8 oder 2001:db8::/32 angeben, oder die Adresse eines Hosts.',
  talks: 'Wer mit wem',
  help: 'Links, wer begann, rechts, wer antwortete. Je breiter, desto mehr Oktette in beiden Richtungen.',
  helpService: 'Links, wer begann, rechts, was er nutzte. Je breiter, desto mehr Oktette in beiden Richtungen.',
  noneOfNet: 'Kein Flow dieses Netzes in dieser Zeit. Ein längerer Zeitraum hat vielleicht welche.',
  table: 'Meister Verkehr zwischen zweien',
  from: 'Begann',
  to: 'Antwortete',
  share: 'Anteil',
  flows: 'Flows',
} satisfies Texts['network'];
