import type { Texts } from '../index.js';

export const flowsPage = {
  table: 'Flows: Pfeiltasten bewegen, die Eingabetaste öffnet die Sitzung',
  groupTable: 'Gruppen von Flows: Pfeiltasten bewegen, die Eingabetaste zeigt die Flows einer Gruppe',
  columns: 'Spalten',
  group: 'Gruppieren',
  flows: (count: string) => `${count} Flows`,
  groups: (count: string) => `${count} Gruppen`,
  largestGroups: '(die mit den meisten Oktetten; ein Filter zeigt andere)',
  asOf: (clock: string) => `Stand ${clock}`,
  refused: (why: string) => `Das lässt sich nicht zeigen: ${why}.`,
  reset: 'Zurück zu den üblichen Spalten',
  newer: 'Neuere zeigen',
} satisfies Texts['flowsPage'];

export const fieldPicker = {
  search: 'Ein Feld suchen',
  chosen: (count: string, most: string) => `${count} von höchstens ${most} gewählt`,
  none: 'Kein Feld hat das im Namen. Jedes Information Element lässt sich wählen: den Anfang seines Namens tippen.',
  reset: 'Zurück zum Üblichen',
} satisfies Texts['fieldPicker'];

export const range = {
  times: 'Zeiten',
  from: 'Von',
  to: 'Bis',
  show: 'Zeigen',
  wrong: 'Die Zeit, von der an gezeigt wird, muss vor der liegen, bis zu der.',
} satisfies Texts['range'];

export const files = {
  label: 'Exportieren',
  flows: 'Die Flows, wie in dieser Tabelle',
  flowsHelp: (most: string) => `Alle Zeilen mit den gewählten Spalten, in dieser Reihenfolge; höchstens ${most} Flows.`,
  groups: 'Die Gruppen, wie in dieser Tabelle',
  groupsHelp: (count: string) => `${count} Gruppen mit ihren Summen.`,
  written: (rows: string) => `${rows} Zeilen bisher …`,
  cancel: 'Abbrechen',
  failed: (why: string) => `Es wurde keine Datei erstellt: ${why}`,
  records: 'Die Flow Records dahinter',
  recordsHelp: 'Alle Records zu diesem Filter und dieser Zeit mit allen Elementen, die sie haben.',
  formats: { ipfix: 'IPFIX', parquet: 'Parquet', ndjson: 'JSON-Zeilen' },
} satisfies Texts['files'];
