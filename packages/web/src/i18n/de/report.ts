import type { Texts } from '../index.js';

export const report: Texts['report'] = {
  title: 'Bericht',
  of: 'Über welche Zeit',
  periods: { week: 'Letzte Woche', day: 'Gestern', month: 'Letzter Monat', span: 'Zeit der Seiten' },
  print: 'Drucken',
  open: 'Für sich öffnen',
  save: 'Speichern',
  making: 'Der Bericht entsteht …',
  failed: (why: string) => `Der Bericht kann nicht entstehen: ${why}`,
  help: 'Drucken macht auch PDF; `weir report --format pdf` ebenso, wo die Maschine einen Browser hat.',
  scheduled: 'Entstehen von selbst',
  noneScheduled: 'Keine: sie stehen unter `reports` in der Konfiguration des Collectors.',
  columns: { name: 'Bericht', period: 'Über jeden', next: 'Nächster', last: 'Letzter', where: 'Wohin' },
  each: { day: 'Tag', week: 'Woche', month: 'Monat' },
  until: (day: string) => `bis ${day}`,
  notYet: 'keiner seit dem Start des Collectors',
  sent: (directory: string, channel: string) => `${directory}, über ${channel}`,
};
