import type { Exporters } from '../../api/types.js';
import { formatDuration, formatInstant } from '../../format/time.js';
import { formatCount, formatOctets } from '../../format/units.js';
import { exporterFindings, type Finding } from '../../health/health.js';
import { mergeSessions } from '../../health/sessions.js';
import { t } from '../../i18n/index.js';

export type Exporter = Exporters['exporters'][number];

/** An exporter with what is not well with it, the worst first. */
export interface Card {
  /** Tells it from all others. */
  key: string;
  exporter: Exporter;
  findings: Finding[];
  level: 'ok' | Finding['level'];
}

const RANK = { problem: 0, warning: 1, ok: 2 } as const;

/** The exporters, those that need attention first. */
export function cardsOf({ exporters }: Exporters, now: number): Card[] {
  const cards = mergeSessions(exporters).map((exporter): Card => {
    const findings = exporterFindings(exporter, now).sort((a, b) => RANK[a.level] - RANK[b.level]);
    const key = `${exporter.address} ${exporter.observationDomainId}`;
    return { key, exporter, findings, level: findings[0]?.level ?? 'ok' };
  });
  const byAddress = new Intl.Collator('en', { numeric: true });
  return cards.sort((a, b) => RANK[a.level] - RANK[b.level] || byAddress.compare(a.key, b.key));
}

/** Milliseconds that two clocks may differ, because a Message says whole seconds. */
const SAME = 1500;

/** How the clock of an exporter goes, in words. */
export function clockWords(behind: number | undefined): string {
  if (behind === undefined) return t.exporters.clock.untold;
  if (Math.abs(behind) < SAME) return t.exporters.clock.same;
  const length = formatDuration(Math.abs(behind));
  return behind > 0 ? t.exporters.clock.behind(length) : t.exporters.clock.ahead(length);
}

/** Milliseconds since the epoch from which on a number is a time and no length: the year 2001. */
const TIMES = 1e12;

/** A statistic with its unit, as its Information Element has it. */
export function statisticWords(name: string, value: number): string {
  if (/Milliseconds$/.test(name)) return value > TIMES ? formatInstant(value) : formatDuration(value);
  if (/Seconds$|Timeout$/.test(name)) {
    return value * 1000 > TIMES ? formatInstant(value * 1000) : formatDuration(value * 1000);
  }
  if (/Octet/.test(name)) return formatOctets(value);
  return formatCount(value);
}

/** What is said of an exporter in numbers: name and value, and whether the value is one to look at. */
export function numbersOf(exporter: Exporter): { name: string; value: string; loud: boolean }[] {
  const words = t.exporters.numbers;
  const counted = (name: string, count: number, loud = false) => ({ name, value: formatCount(count), loud });
  const bad = (name: string, count: number) => counted(name, count, count > 0);
  const { lateSets = 0, lostMessages, droppedDatagrams, duplicateRecords } = exporter;
  return [
    counted(words.records, exporter.records),
    counted(words.messages, exporter.messages),
    { name: words.octets, value: formatOctets(exporter.octets), loud: false },
    bad(words.lost, exporter.lostRecords),
    ...(lostMessages === undefined ? [] : [bad(words.lostMessages, lostMessages)]),
    ...(droppedDatagrams === undefined ? [] : [bad(words.dropped, droppedDatagrams)]),
    bad(words.unread, Math.max(0, exporter.unknownTemplateSets - lateSets)),
    bad(words.malformed, exporter.malformedMessages),
    ...(duplicateRecords === undefined ? [] : [counted(words.duplicates, duplicateRecords)]),
  ];
}
