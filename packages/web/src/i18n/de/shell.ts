import type { Texts } from '../index.js';

export const shell = {
  pages: 'Seiten',
  page: {
    overview: 'Übersicht',
    flows: 'Flows',
    events: 'Ereignisse',
    quality: 'Qualität',
    network: 'Netz',
    map: 'Karte',
    billing: 'Konten',
    report: 'Bericht',
    exporters: 'Exporter',
    setup: 'Einrichtung',
  },
  manual: 'Dokumentation',
  theme: { toLight: 'Helle Ansicht', toDark: 'Dunkle Ansicht' },
  logIn: 'Anmelden',
  logOut: 'Abmelden',
  ended: 'Sie sind abgemeldet.',
  logOutFailed: 'Nicht abgemeldet: noch einmal',
  loggedIn: (name: string, role: string) => `Angemeldet: ${name}, ${role}`,
  byToken: 'mit dem Token',
  role: { none: 'darf nicht lesen', viewer: 'darf lesen', operator: 'darf ändern' },
  language: 'Sprache',
  store: { none: 'Speicher', ready: 'Speicher bereit', down: 'Speicher ausgefallen' },
  restarts: (url: string, times: string) => `${url}, ${times} neu gestartet`,
  noExporter: 'Kein Exporter',
  exporter: (address: string) => `Exporter ${address}`,
  exporters: (heard: string, all: string) => `${heard} von ${all} Exportern`,
  lastHeard: (ago: string) => `zuletzt gehört: ${ago}`,
  connection: { live: 'Live', connecting: 'Verbinde', token: 'Gesperrt', lost: 'Verbinde erneut' },
  attention: 'Was Aufmerksamkeit braucht',
  more: (count: string) => `und ${count} weitere`,
  loading: 'Lädt …',
  estimated: '≈ Aus einer Stichprobe geschätzt; die genauen Zahlen werden gelesen',
  error: (share: string) => `≈ ±${share}`,
  errorHelp: (share: string) =>
    `Aus einer Stichprobe geschätzt: die genauen Zahlen liegen in zwei von drei Fällen höchstens ${share} daneben`,
  pageFailed: 'Diese Seite ließ sich nicht laden. Bitte prüfen, ob der Collector noch läuft, und die Seite neu laden.',
} satisfies Texts['shell'];

export const strip = {
  label: 'Zustand',
  silent: 'noch von keinem Exporter gemeldet',
  exported: 'Exportierte Records',
  exportedSince: 'seit der Exporter läuft',
  lost: 'Verlorene Records',
  lostAbove: 'was zu tun ist, steht oben',
  lostNone: 'keine im Exporter, keine unterwegs',
  tracked: 'Verbindungen jetzt',
  fill: (share: string, capacity: string) => `${share} von ${capacity} möglichen`,
  fillLabel: 'Belegung der Verbindungstabelle',
  arriving: 'Eintreffende Records',
  arrivingOver: 'in den letzten 10 s',
  stored: 'Gespeicherte Records',
  onDisk: (octets: string) => `${octets} auf der Platte`,
  waiting: (batches: string) => `${batches} in Wartestellung`,
} satisfies Texts['strip'];

export const nouns = {
  packet: { one: 'Paket', other: 'Pakete' },
  flow: { one: 'Flow', other: 'Flows' },
  flowRecord: { one: 'Flow Record', other: 'Flow Records' },
  dataRecord: { one: 'Data Record', other: 'Data Records' },
  dataSet: { one: 'Data Set', other: 'Data Sets' },
  message: { one: 'Message', other: 'Messages' },
  datagram: { one: 'Datagramm', other: 'Datagramme' },
  batch: { one: 'Stapel', other: 'Stapel' },
  time: { one: 'Mal', other: 'Mal' },
} satisfies Texts['nouns'];

export const time = {
  now: 'jetzt',
  ago: (length: string) => `vor ${length}`,
} satisfies Texts['time'];
