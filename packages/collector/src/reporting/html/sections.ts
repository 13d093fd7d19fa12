import type { Report } from '../../http/types.js';
import { curves } from './charts.js';
import { answeredShare, beforeText, linkName, type Writing } from './findings.js';
import { bar, type Column, escaped, figure, table } from './markup.js';
import { eventSize, partiesOf, topName } from './names.js';

const MOST_LINKS = 12;
const MOST_EVENTS = 25;

function section(id: string, head: string, content: string): string {
  return content === ''
    ? ''
    : `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(head)}</h2>${content}</section>`;
}

type Tops = Report['tops'];

/** Hosts, services, networks and countries with most traffic, two tables beside each other. */
export function topsSection(writing: Writing): string {
  const kinds = ['sources', 'destinations', 'services', 'countries', 'networks', 'named'] as const;
  const tables = kinds.filter(kind =>
    writing.report.tops[kind].some(({ value }) => value !== null || kind === 'services'),
  );
  if (tables.length === 0) return '';
  return section(
    'tops',
    writing.t.top,
    `<div class="two">${tables.map(kind => topTable(writing, kind)).join('')}</div>`,
  );
}

function topTable({ report, t, f }: Writing, kind: keyof Tops): string {
  const { octets, reverseOctets } = report.summary;
  const all = octets + reverseOctets;
  const largest = Math.max(...report.tops[kind].map(row => row.octets), 1);
  const columns: Column<Tops[typeof kind][number]>[] = [
    {
      head: t.topHead[kind],
      cell: row => {
        const { name, below } = topName(kind, row, t, f);
        return escaped(name) + (below === undefined ? '' : `<small>${escaped(below)}</small>`);
      },
    },
    { head: t.octets, cell: row => f.octets(row.octets), isNumber: true },
    {
      head: t.share,
      cell: row => bar(row.octets / largest, all > 0 ? f.share(row.octets / all) : '–'),
      isNumber: true,
    },
    {
      head: t.changeHead,
      cell: row => (row.before === undefined ? '' : (f.change(row.octets, row.before) ?? t.isNew)),
      isNumber: true,
    },
  ];
  return `<div>${table(t.tops[kind], columns, report.tops[kind])}</div>`;
}

/** Answers and round trips. */
export function qualitySection(writing: Writing): string {
  const { report, t, f } = writing;
  const { quality, summary, summaryBefore } = report;
  const shares = quality.answered.map(share => (share === null ? null : share * 100));
  const labels = labelsOf(writing);
  const answered = isCurve(shares)
    ? figure(
        t.answeredCurve,
        curves([{ kind: 'answered', values: shares }], labels, {
          label: t.answeredCurve,
          format: value => `${f.number(value)} %`,
          height: 130,
        }),
      )
    : '';
  const trips = isCurve(quality.p50)
    ? figure(
        t.roundTripCurve,
        curves(
          [
            { kind: 'p50', values: quality.p50 },
            { kind: 'p90', values: quality.p90 },
          ],
          labels,
          {
            ...{ label: t.roundTripCurve, format: (value: number) => f.milliseconds(value), height: 130 },
          },
        ),
        [
          ['p50', t.p50],
          ['p90', t.p90],
        ],
      )
    : '';
  const now = measuresOf(summary);
  const before = measuresOf(summaryBefore);
  const rows = (Object.keys(now) as (keyof typeof now)[]).filter(name => now[name] !== undefined);
  if (rows.length === 0) return '';
  const written = (name: (typeof rows)[number], value: number | undefined) =>
    value === undefined ? '–' : name === 'answered' ? f.share(value) : f.milliseconds(value);
  const columns: Column<(typeof rows)[number]>[] = [
    { head: t.measure, cell: name => escaped(t.measures[name]) },
    { head: t.now, cell: name => written(name, now[name]), isNumber: true },
    { head: t.beforeHead, cell: name => written(name, before[name]), isNumber: true },
  ];
  return section('quality', t.quality, answered + trips + table(t.comparedWith(beforeText(writing)), columns, rows));
}

/** Fewer points are no curve. */
function isCurve(values: readonly (number | null)[]): boolean {
  return values.filter(value => value !== null).length >= 3;
}

function measuresOf(summary: Report['summary']) {
  const { p50, p90, p99 } = summary.roundTrip ?? {};
  return { answered: answeredShare(summary), p50, p90, p99 };
}

/** A label a day, at most ten, among the steps of the quality. */
function labelsOf({ report, f }: Writing): (readonly [number, string])[] {
  const { times, step } = report.quality;
  const { days } = report.traffic;
  const every = Math.ceil(days.length / 10);
  const at = (time: number) => Math.max(0, (time - times[0]!) / 1000 / step);
  return days.filter((_, i) => i % every === 0).map(({ from }) => [at(from), f.shortDay(from)]);
}

/** Links by how full they are. */
export function linksSection({ report, t, f }: Writing): string {
  const links = (report.links ?? []).filter(({ peak }) => peak > 0).slice(0, MOST_LINKS);
  if (links.length === 0) return '';
  const kind = (verdict: string) =>
    verdict === 'full' || verdict === 'queueing' ? 'bad' : verdict === 'busy' ? 'warn' : '';
  const columns: Column<(typeof links)[number]>[] = [
    { head: t.link, cell: link => escaped(linkName(t, link)) },
    {
      head: t.verdictHead,
      cell: ({ verdict }) => `<span class="${kind(verdict)}">${escaped(t.verdict[verdict])}</span>`,
    },
    { head: t.p95, cell: ({ p95 }) => f.rate(p95), isNumber: true },
    { head: t.peak, cell: ({ peak }) => f.rate(peak), isNumber: true },
    {
      head: t.capacity,
      cell: ({ capacity, learned }) =>
        capacity === undefined ? '–' : learned ? t.learned(f.rate(capacity)) : f.rate(capacity),
      isNumber: true,
    },
    {
      head: t.used,
      cell: ({ used, verdict }) => (used === undefined ? '–' : bar(used, f.share(used), kind(verdict))),
      isNumber: true,
    },
  ];
  return section('links', t.links, table(t.linksCaption, columns, links));
}

export function meshSections({ report, t, f }: Writing): string {
  return report.meshes
    .map(({ topology, links }, i) => {
      const most = Math.max(...links.map(({ forward, reverse }) => forward + reverse), 1);
      const columns: Column<(typeof links)[number]>[] = [
        { head: t.link, cell: ({ source, target }) => escaped(target === '' ? source : `${source} ↔ ${target}`) },
        { head: t.forward, cell: ({ forward }) => f.rate(forward), isNumber: true },
        { head: t.reverse, cell: ({ reverse }) => f.rate(reverse), isNumber: true },
        {
          head: t.total,
          cell: ({ forward, reverse }) => bar((forward + reverse) / most, f.rate(forward + reverse)),
          isNumber: true,
        },
      ];
      return section(`mesh-${i}`, t.mesh(topology), table(t.meshCaption, columns, links));
    })
    .join('');
}

export function eventsSection({ report, t, f }: Writing): string {
  const { list } = report.events;
  if (list.length === 0) return '';
  const shown = list.slice(0, MOST_EVENTS);
  const columns: Column<(typeof shown)[number]>[] = [
    { head: t.eventHead.what, cell: ({ kind }) => escaped(t.eventKind[kind]) },
    {
      head: t.eventHead.who,
      cell: event => {
        const causes = event.causes.map(({ name, share }) => `${name} (${f.share(share)})`).join(', ');
        return escaped(partiesOf(event, t)) + (causes === '' ? '' : `<small>${escaped(causes)}</small>`);
      },
    },
    { head: t.eventHead.when, cell: ({ start }) => f.moment(start) },
    { head: t.eventHead.lasted, cell: ({ start, end }) => (end === undefined ? t.goesOn : f.duration(end - start)) },
    {
      head: t.eventHead.size,
      cell: ({ size, expected, unit }) =>
        escaped(eventSize(size, unit, t, f)) +
        (expected === undefined ? '' : `<small>${escaped(t.usual(eventSize(expected, unit, t, f)))}</small>`),
      isNumber: true,
    },
  ];
  const caption =
    list.length > shown.length ? t.eventsNewest(f.count(shown.length), f.count(list.length)) : t.eventsAll;
  return section('events', t.events, table(caption, columns, shown));
}

export function accountsSection({ report, t, f }: Writing): string {
  if (report.accounts.length === 0) return '';
  const kind = (share: number) => (share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : '');
  const columns: Column<Report['accounts'][number]>[] = [
    { head: t.account, cell: ({ account }) => escaped(account) },
    { head: t.month, cell: ({ month, open }) => (open ? t.goesOnMonth(month) : month) },
    { head: t.quotaUsed, cell: ({ used }) => f.octets(Number(used)), isNumber: true },
    { head: t.quota, cell: ({ octets }) => f.octets(Number(octets)), isNumber: true },
    { head: t.share, cell: ({ share }) => bar(share, f.share(share), kind(share)), isNumber: true },
  ];
  return section('accounts', t.accounts, table(t.accountsCaption, columns, report.accounts));
}

export function exportersSection({ report, t, f }: Writing): string {
  if (report.exporters.length === 0) return '';
  const columns: Column<Report['exporters'][number]>[] = [
    { head: t.exporter, cell: ({ address }) => escaped(address) },
    { head: t.flows, cell: ({ flows }) => f.count(flows), isNumber: true },
    { head: t.octets, cell: ({ octets }) => f.octets(octets), isNumber: true },
    {
      head: t.lostHead,
      cell: ({ lost, records = 0 }) =>
        lost === undefined
          ? '–'
          : `<span class="${lost > 0 ? 'bad' : ''}">${f.count(lost)}</span> / ${f.count(records + lost)}`,
      isNumber: true,
    },
    { head: t.lastHeard, cell: ({ lastSeen }) => (lastSeen === undefined ? '–' : f.moment(lastSeen)) },
  ];
  const note = `<p class="note">${escaped(t.lostNote(f.moment(report.collectorSince)))}</p>`;
  return section('exporters', t.exporters, table(t.exportersCaption, columns, report.exporters) + note);
}
