import type { Texts } from '../index.js';

export const flows = {
  title: 'Flows',
  order: 'Reihenfolge',
  newest: 'Neueste',
  largest: 'Größte',
  pause: 'Anhalten',
  resume: 'Weiter',
  trouble: (why: string) => `Der Collector konnte nicht antworten (${why}). Neuer Versuch läuft.`,
  none: {
    refused: 'Bis der Filter verstanden wird, ist nichts zu sehen.',
    filtered: 'Kein Flow aus dieser Zeit passt zum Filter.',
    never: 'Noch kein Flow.',
    here: 'Kein Flow in dieser Zeit.',
    help: (length: string) =>
      `Flows erscheinen, wenn sie enden, oder nach ${length}, wenn sie andauern. Dann immer noch nichts? \`weir doctor\` aufrufen: er sagt, was im Weg steht.`,
  },
  source: 'Quelle',
  destination: 'Ziel',
  protocol: 'Protokoll',
  sent: 'Gesendet',
  sentHelp: 'Von der Quelle zum Ziel',
  received: 'Empfangen',
  receivedHelp: 'Vom Ziel zurück zur Quelle',
  start: 'Beginn',
  duration: 'Dauer',
  end: 'Ende',
  notCounted: 'nicht gezählt',
  notCountedHelp: 'Der Exporter hatte keine Zähler für diesen Flow',
  noAnswer: 'keine Antwort',
  natSource: 'Quelle nach der Adressübersetzung',
  natDestination: 'Ziel nach der Adressübersetzung',
  open: (source: string, destination: string, protocol: string, state: string) =>
    `Flow von ${source} nach ${destination}, ${protocol}, ${state}: alle Angaben zeigen`,
} satisfies Texts['flows'];

export const panel = {
  label: 'Angaben zu einem Flow',
  flow: 'Flow',
  session: 'Die Sitzung öffnen',
  close: 'Schließen',
  closeHelp: 'Schließen (Esc)',
  each: (octets: string) => `je ${octets}`,
  average: (rate: string) => `im Mittel ${rate}`,
  state: 'Zustand',
  until: 'Gemeldet bis',
  last: 'Letztes Paket',
  natSource: 'Quelle nach NAT',
  natDestination: 'Ziel nach NAT',
  icmp: (type: number, code: number) => `Typ ${type}, Code ${code}`,
  records: 'Flow Records',
  exporter: 'Exporter',
  domain: 'Observation Domain',
  id: 'Kennung des Flows',
  narrow: 'Filter verengen',
  only: 'Nur',
  thisSource: 'diese Quelle',
  thisDestination: 'dieses Ziel',
  port: (port: number) => `Port ${port}`,
} satisfies Texts['panel'];

export const ends = {
  idle: { word: 'Leerlauf', meaning: 'Länger als die Leerlaufzeit kam kein Paket.' },
  live: { word: 'läuft', meaning: 'Der Flow dauert an; dies ist sein neuester Zwischenbericht.' },
  closed: { word: 'beendet', meaning: 'Das Ende des Flows war zu sehen, etwa durch TCP FIN oder RST.' },
  forced: {
    word: 'abgebrochen',
    meaning: 'Etwas von außen beendete ihn, etwa das Anhalten der Probe oder das Leeren der Tabelle.',
  },
  resources: { word: 'Mangel', meaning: 'Dem Messenden fehlte Speicher, er gab den Flow auf.' },
  none: { word: 'nicht gesagt', meaning: 'Der Exporter sagte nicht, wie der Flow endete.' },
  other: (code: number) => ({ word: `Grund ${code}`, meaning: 'Ein Grund, der im Verzeichnis nicht stand.' }),
} satisfies Texts['ends'];

export const icmp = {
  echoReply: 'Echo-Antwort',
  unreachable: 'unerreichbar',
  echo: 'Echo',
  timeExceeded: 'Zeit überschritten',
  tooBig: 'Paket zu groß',
  solicitation: 'Nachbar-Anfrage',
  advertisement: 'Nachbar-Auskunft',
  other: (type: number, code: number) => `Typ ${type} Code ${code}`,
} satisfies Texts['icmp'];

export const filter = {
  label: 'Filter',
  placeholder: 'Filter, z. B. src net 10.0.0.0/8 and dst port 443',
  clear: 'Filter löschen',
  apply: 'Anwenden',
  suggestions: 'Vorschläge für den Filter',
} satisfies Texts['filter'];
