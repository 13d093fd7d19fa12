import { createHash } from 'node:crypto';
import type { Report } from '../../http/types.js';
import { periodOf } from '../period.js';
import { answeredShare, beforeText, findingsOf, totals, type Writing } from './findings.js';
import { Format } from './format.js';
import { escaped } from './markup.js';
import {
  accountsSection,
  eventsSection,
  exportersSection,
  linksSection,
  meshSections,
  qualitySection,
  topsSection,
} from './sections.js';
import { style } from './style.js';
import { type Language, texts } from './texts.js';
import { trafficSection } from './traffic.js';

/** What a report may do in a browser: show itself, with its own style. Nothing is loaded and nothing runs. */
export const reportPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'`;

/** Titles and findings, for what has no page, such as an e-mail. */
export interface Outline {
  readonly title: string;
  readonly span: string;
  readonly findings: readonly string[];
}

export function outlineOf(report: Report, language: Language): Outline {
  const writing = writingOf(report, language);
  const { t } = writing;
  const kind = t.kind[periodOf(report, report.timezone) ?? 'other'];
  return {
    title: `${kind}: ${titleOf(writing)}`,
    span: spanText(writing),
    findings: findingsOf(writing).map(({ text }) => text),
  };
}

/** A page with nothing outside it, to be read, printed or sent. */
export function reportPage(report: Report, language: Language, version: string): string {
  const writing = writingOf(report, language);
  const { t, f } = writing;
  const kind = t.kind[periodOf(report, report.timezone) ?? 'other'];
  const title = titleOf(writing);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escaped(reportPolicy)}">
<title>${escaped(`${kind}: ${title}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header><p class="kind">${escaped(kind)}</p><h1>${escaped(title)}</h1><p>${escaped(spanText(writing))}</p>${filterText(writing)}</header>
${bodyOf(writing)}
</main>
<footer><p>${escaped(t.made(f.moment(report.made), version))} ${escaped(t.counting)}</p></footer>
</body>
</html>
`;
}

/** What follows the other on paper. */
const sections = [
  ...[figuresOf, findingsSection, trafficSection, topsSection, qualitySection, linksSection, meshSections],
  ...[eventsSection, accountsSection, exportersSection],
];

function bodyOf(writing: Writing): string {
  const { report, t } = writing;
  const { now, before } = totals(report);
  const isEmpty = report.summary.flows === 0 && now === 0 && before === 0;
  if (isEmpty) return `<p>${escaped(t.nothing)}</p>${eventsSection(writing)}`;
  return sections.map(of => of(writing)).join('\n');
}

function writingOf(report: Report, language: Language): Writing {
  return { report, t: texts[language], f: new Format(language, report.timezone) };
}

function titleOf({ report, t }: Writing): string {
  return report.title === '' ? report.filter || t.allTraffic : report.title;
}

function spanText({ report, t, f }: Writing): string {
  const { from, to, timezone } = report;
  return t.span(isMidnight(f, from) && isMidnight(f, to) ? f.days(from, to - 1) : f.moments(from, to), timezone);
}

function isMidnight(f: Format, time: number): boolean {
  return f.day(time) !== f.day(time - 1);
}

function filterText({ report, t }: Writing): string {
  return report.filter === '' || report.title === '' ? '' : `<p>${escaped(`${t.filter}: ${report.filter}`)}</p>`;
}

/** The numbers at the top. */
function figuresOf(writing: Writing): string {
  const { report, t, f } = writing;
  const { now, before } = totals(report);
  const change = f.change(now, before);
  const [share, then] = [answeredShare(report.summary), answeredShare(report.summaryBefore)];
  const [trip, tripBefore] = [report.summary.roundTrip?.p50, report.summaryBefore.roundTrip?.p50];
  const count = report.events.list.length;
  const flows = f.change(report.summary.flows, report.summaryBefore.flows);
  const figures: [string, string, string][] = [
    [t.figures.total, f.octets(now), change === undefined ? t.noBefore : t.compared(change, beforeText(writing))],
    [t.figures.rates, f.rate(report.traffic.in.p95), `${t.out}: ${f.rate(report.traffic.out.p95)}`],
    [t.figures.answered, share === undefined ? '–' : f.share(share), then === undefined ? '' : t.was(f.share(then))],
    [
      t.figures.roundTrip,
      trip === undefined ? '–' : f.milliseconds(trip),
      tripBefore === undefined ? '' : t.was(f.milliseconds(tripBefore)),
    ],
    [t.figures.flows, f.count(report.summary.flows), flows === undefined ? '' : t.compared(flows, beforeText(writing))],
    [t.figures.peak, f.rate(Math.max(report.traffic.in.peak, report.traffic.out.peak)), t.loads],
    [t.figures.hosts, ...largestHost(writing)],
    [
      t.figures.events,
      f.count(count),
      report.events.kinds
        .slice(0, 2)
        .map(({ kind, count: n }) => `${t.eventKind[kind]} (${f.count(n)})`)
        .join(', '),
    ],
  ];
  const items = figures.map(
    ([name, value, more]) =>
      `<div><dt>${escaped(name)}</dt><dd><span class="value">${escaped(value)}</span><small>${escaped(more)}</small></dd></div>`,
  );
  return `<dl class="figures">${items.join('')}</dl>`;
}

function largestHost({ report, f }: Writing): [string, string] {
  const [first] = report.tops.sources;
  if (first === undefined) return ['–', ''];
  return [first.name ?? String(first.value ?? '–'), f.octets(first.octets)];
}

function findingsSection(writing: Writing): string {
  const items = findingsOf(writing).map(({ level, text }) => `<li class="${level}">${escaped(text)}</li>`);
  return `<section aria-labelledby="findings"><h2 id="findings">${escaped(writing.t.findings)}</h2><ul class="findings">${items.join('')}</ul></section>`;
}
