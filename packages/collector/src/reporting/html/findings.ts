import type { Report } from '../../http/types.js';
import { periodOf } from '../period.js';
import type { Format } from './format.js';
import type { Texts } from './texts.js';

export interface Finding {
  /** Whether it is well, to be watched, or something is to be done. */
  readonly level: 'fine' | 'watch' | 'act';
  readonly text: string;
}

export interface Writing {
  readonly report: Report;
  readonly t: Texts;
  readonly f: Format;
}

/** Changes from which on they are worth a look. */
const MORE = 0.3;
const SILENT = 3_600_000;
const [LOST, MUCH_LOST] = [0, 0.001];
const QUOTA_NEAR = 0.8;

/** The report in sentences, for who reads no table. */
export function findingsOf(writing: Writing): Finding[] {
  return [traffic, growth, answers, roundTrips, links, events, quotas, exporters].flatMap(of => of(writing));
}

export function beforeText({ report, t }: Pick<Writing, 'report' | 't'>): string {
  return t.before[periodOf(report, report.timezone) ?? 'other'];
}

/** Octets of both directions, and before. */
export function totals({ traffic: { total, totalBefore } }: Report): { now: number; before: number } {
  return { now: total.in + total.out, before: totalBefore.in + totalBefore.out };
}

function traffic(writing: Writing): Finding[] {
  const { report, t, f } = writing;
  const { now, before } = totals(report);
  const change = f.change(now, before);
  const then = beforeText(writing);
  const { days } = report.traffic;
  const [busiest] = days.map((day, i) => ({ i, octets: day.in + day.out })).sort((a, b) => b.octets - a.octets);
  const text =
    change === undefined ? t.finding.trafficAlone(f.octets(now), then) : t.finding.traffic(f.octets(now), change, then);
  const most =
    days.length > 1 && now > 0
      ? [t.finding.busiest(f.shortDay(days[busiest!.i]!.from), f.octets(busiest!.octets))]
      : [];
  const isLarge = before > 0 && Math.abs(now / before - 1) >= MORE;
  const empty = days.filter(day => day.before === 0).length;
  const gaps =
    before > 0 && empty > 0 && days.length > 1
      ? [{ level: 'watch' as const, text: t.finding.gaps(f.count(empty), f.count(days.length)) }]
      : [];
  return [{ level: isLarge ? 'watch' : 'fine', text: [text, ...most].join(' ') }, ...gaps];
}

/** Who makes most of what came in addition. */
function growth({ report, t, f }: Writing): Finding[] {
  const { now, before } = totals(report);
  if (!(before > 0) || now / before - 1 < 0.1) return [];
  const grown = report.tops.sources.flatMap(({ value, name, octets, before: then }) =>
    then === undefined ? [] : [{ host: name ?? String(value), more: octets - then }],
  );
  const [most] = grown.sort((a, b) => b.more - a.more);
  if (most === undefined || most.more < MORE * (now - before)) return [];
  return [{ level: 'watch', text: t.finding.growth(most.host, f.octets(most.more)) }];
}

export function answeredShare({ answered, unanswered }: Report['summary']): number | undefined {
  const all = answered + unanswered;
  return all > 0 ? answered / all : undefined;
}

function answers({ report, t, f }: Writing): Finding[] {
  const [now, before] = [answeredShare(report.summary), answeredShare(report.summaryBefore)];
  if (now === undefined) return [];
  if (before !== undefined && before - now >= 0.02)
    return [{ level: 'watch', text: t.finding.answeredLess(f.share(now), f.share(before)) }];
  return [{ level: 'fine', text: t.finding.answered(f.share(now)) }];
}

function roundTrips({ report, t, f }: Writing): Finding[] {
  const [now, before] = [report.summary.roundTrip?.p50, report.summaryBefore.roundTrip?.p50];
  if (now === undefined || before === undefined || now - before < 2 || now < 1.25 * before) return [];
  return [{ level: 'watch', text: t.finding.slower(f.milliseconds(now), f.milliseconds(before)) }];
}

export function linkName(
  t: Texts,
  { exporter, interface: number, name, direction }: NonNullable<Report['links']>[number],
): string {
  return t.linkOf(
    name ?? t.interface(String(number)),
    exporter,
    direction === 'in' ? t.in.toLowerCase() : t.out.toLowerCase(),
  );
}

function links({ report, t, f }: Writing): Finding[] {
  const all = report.links ?? [];
  const bad = all.filter(({ verdict }) => verdict === 'full' || verdict === 'queueing' || verdict === 'busy');
  if (bad.length === 0)
    return all.some(({ verdict }) => verdict === 'fine') ? [{ level: 'fine', text: t.finding.linksFine }] : [];
  const told = bad.slice(0, 3).map(link => ({
    level: link.verdict === 'busy' ? ('watch' as const) : ('act' as const),
    text: t.finding.link[link.verdict as 'full' | 'queueing' | 'busy'](linkName(t, link)),
  }));
  const more = bad.length - told.length;
  return more > 0 ? [...told, { level: 'watch', text: t.finding.moreLinks(f.count(more)) }] : told;
}

function events({ report: { events: found }, t, f }: Writing): Finding[] {
  // Quotas are told by themselves.
  const unusual = found.kinds.filter(({ kind }) => kind !== 'quota');
  if (unusual.length === 0) return [{ level: 'fine', text: t.finding.eventsNone }];
  const list = unusual.map(({ kind, count }) => `${t.eventKind[kind]} (${f.count(count)})`).join(', ');
  const isAttack = found.kinds.some(({ kind }) => kind === 'flood' || kind === 'amplification');
  return [{ level: isAttack ? 'act' : 'watch', text: t.finding.events(list) }];
}

function quotas({ report: { accounts }, t, f }: Writing): Finding[] {
  const near = accounts.filter(({ share }) => share >= QUOTA_NEAR);
  if (near.length === 0) return accounts.length > 0 ? [{ level: 'fine', text: t.finding.quotasFine }] : [];
  return near.slice(0, 5).map(({ account, share, month }) => ({
    level: share >= 1 ? 'act' : 'watch',
    text: t.finding.quota(account, f.share(share), month),
  }));
}

function exporters({ report, t, f }: Writing): Finding[] {
  return report.exporters.flatMap(({ address, records = 0, lost = 0, lastSeen }): Finding[] => {
    const share = lost / Math.max(1, records + lost);
    const silent = lastSeen !== undefined && report.made - lastSeen > SILENT;
    return [
      ...(share > LOST
        ? [
            {
              level: share >= MUCH_LOST ? ('act' as const) : ('watch' as const),
              text: t.finding.lost(address, f.share(share)),
            },
          ]
        : []),
      ...(silent ? [{ level: 'watch' as const, text: t.finding.silent(address, f.moment(lastSeen)) }] : []),
    ];
  });
}
