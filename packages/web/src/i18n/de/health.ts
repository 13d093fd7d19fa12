import type { Texts } from '../index.js';

export const health = {
  metering: 'Misst',
  connecting: 'Verbinde',
  waiting: 'Wartet auf einen Exporter',
  lost: {
    title: 'Keine Verbindung',
    what: 'Der Collector antwortet nicht; gezeigt wird, was er zuletzt gesagt hat.',
    action: 'Diese Seite verbindet sich von selbst wieder. Wenn nicht: prüfen, ob `weir up` noch läuft.',
  },
  token: {
    title: 'Token nötig',
    what: 'Dieser Collector antwortet nur Lesern, die sein Token haben.',
    action: 'Diese Seite einmal mit `?token=` und dem Token öffnen; es steht in der Datei `token` im Datenverzeichnis.',
  },
  storeDown: {
    title: 'Speicher ausgefallen',
    what: (batches: string) => `Der Speicher antwortet nicht; auf der Platte warten: ${batches}.`,
    action:
      'Er wird von selbst neu gestartet. Bleibt es so: prüfen, ob die Platte voll ist und was der Collector ausgibt.',
  },
  storeBehind: {
    title: 'Speicher im Rückstand',
    what: (batches: string) => `Noch nicht gespeichert: ${batches}, deshalb hinkt diese Seite nach.`,
    action:
      'Platte oder Prozessor sind zu langsam für diesen Verkehr. Solange Platz auf der Platte ist, geht nichts verloren.',
  },
  dropped: {
    title: 'Flows verloren',
    what: (records: string) => `Dieser Collector hat verworfen: ${records}. Der Speicher war zu weit im Rückstand.`,
    action: 'Schnellere Platte geben oder weniger senden; ob die Platte voll ist, steht in seiner Ausgabe.',
  },
  datagramsDropped: {
    title: 'Datagramme verloren',
    what: (datagrams: string) => `${datagrams}: Empfangspuffer voll oder kein Platz für den Absender.`,
    action: '`receive-buffer` erhöhen; mit CAP_NET_ADMIN darf der Collector über net.core.rmem_max hinausgehen.',
  },
  notSent: {
    title: 'Flows verloren',
    what: (address: string, records: string) =>
      `${address} hat seit dem Start verpasst oder nicht senden können: ${records}.`,
    action: 'Dort `weir doctor` aufrufen: er nennt, was die Probe aufgehalten hat und wie man es behebt.',
  },
  lostOnTheWay: {
    title: 'Flows verloren',
    what: (address: string, records: string) => `Von ${address} gesendet und nie angekommen: ${records}.`,
    action:
      'Das Netz oder ein voller Empfangspuffer hat sie verworfen: `receive-buffer` erhöhen und den Weg dazwischen prüfen.',
  },
  spoolFull: {
    title: 'Datagramme verloren',
    what: (address: string, datagrams: string) => `Ohne Platz im Roh-Spool: ${datagrams} von ${address}.`,
    action:
      'Der Speicher ist im Rückstand oder die Platte voll: das Log sagt, was. `raw-spool-size` erhöhen für längere Spitzen.',
  },
  table: {
    full: 'Verbindungstabelle voll',
    filling: 'Verbindungstabelle füllt sich',
    what: (address: string, share: string, entries: string, most: string) =>
      `Die Verbindungstabelle von ${address} ist zu ${share} belegt (${entries} von ${most}). Ist sie voll, werden neue Verbindungen abgewiesen.`,
    action: (command: string) => `Mehr erlauben: \`${command}\``,
  },
  unread: {
    title: 'Ungelesene Data Sets',
    what: (address: string, sets: string) => `Vor ihrem Template gekommen und noch ungelesen: ${sets} von ${address}.`,
    action:
      'Templates werden regelmäßig wiederholt. Wächst die Zahl weiter: am Exporter Templates öfter wiederholen lassen.',
  },
  malformed: {
    title: 'Fehlerhafte Messages',
    what: (address: string, messages: string) => `Gegen das Protokoll verstoßen: ${messages} von ${address}.`,
    action: 'Prüfen, was an diesen Port sendet; ein Exporter, der das tut, braucht eine neuere Version.',
  },
  clock: {
    title: 'Uhren weichen ab',
    behind: (address: string, length: string) =>
      `Die Uhr von ${address} geht ${length} nach: seine Flows stehen an der falschen Stelle.`,
    ahead: (address: string, length: string) =>
      `Die Uhr von ${address} geht ${length} vor: seine Flows stehen an der falschen Stelle.`,
    action: 'Beide Uhren stellen, zum Beispiel mit NTP.',
  },
  resets: {
    title: 'Zähler zurückgesetzt',
    what: (address: string, times: string) =>
      `Ein anderes Programm auf ${address} hat Verbindungszähler zurückgesetzt (${times}); was es nahm, fehlt hier.`,
    action: 'Dort `weir doctor` aufrufen: er nennt andere Leser wie nlbwmon oder ulogd.',
  },
  overflow: {
    title: 'Flow-Tabelle übergelaufen',
    what: (address: string, times: string) => `Die Flow-Tabelle von ${address} war voll (${times}).`,
    action: 'Dort `weir doctor` aufrufen; der Probe eine größere Flow-Tabelle geben.',
  },
  silent: {
    title: 'Exporter schweigt',
    what: (address: string, ago: string) => `Zuletzt von ${address} gehört: ${ago}.`,
    action: 'Prüfen, ob seine Probe läuft (dort `weir doctor`) und ob ihre Datagramme bei diesem Collector ankommen.',
  },
} satisfies Texts['health'];
