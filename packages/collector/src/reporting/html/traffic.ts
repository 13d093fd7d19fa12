import type { Report } from '../../http/types.js';
import { bars, curves, heat } from './charts.js';
import { totals, type Writing } from './findings.js';
import { escaped, figure, table } from './markup.js';

const HOUR = 3_600_000;
/** Fewer are no curve. */
const LEAST_HOURS = 6;
/** Days of which a field of hours is told: more would be a page. */
const MOST_ROWS = 31;

/** What there was over time, beside the time before. */
export function trafficSection(writing: Writing): string {
  const { report, t } = writing;
  const isLong = report.traffic.days.length > 1;
  const parts = [isLong ? dayBars(writing) : '', hourCurves(writing), isLong ? dayTable(writing) : '', loads(writing)];
  return `<section aria-labelledby="traffic"><h2 id="traffic">${escaped(t.traffic)}</h2>${parts.join('')}${isLong ? hourField(writing) : ''}</section>`;
}

function legendOf(writing: Writing): [string, string][] {
  return totals(writing.report).before > 0 ? [['before', writing.t.beforeHead]] : [];
}

function dayBars(writing: Writing): string {
  const { report, t, f } = writing;
  const all = report.traffic.days.map(day => ({
    label: f.shortDay(day.from),
    parts: [day.in, day.out],
    before: day.before,
  }));
  const legend: [string, string][] = [['part-1', t.in], ['part-2', t.out], ...legendOf(writing)];
  return figure(t.perDay, bars(all, { label: t.perDay, format: value => f.octets(value), height: 180 }), legend);
}

function hourCurves(writing: Writing): string {
  const { report, t, f } = writing;
  const { hours } = report.traffic;
  if (hours.times.length < LEAST_HOURS) return '';
  const rate = (octets: number) => (octets * 8) / 3600;
  const now = hours.times.map((_, i) => rate(hours.in[i]! + hours.out[i]!));
  const before = totals(report).before > 0 ? [{ kind: 'before', values: hours.before.map(rate) }] : [];
  const every = Math.ceil(report.traffic.days.length / 10);
  const labels = dayStarts(report)
    .filter((_, i) => i % every === 0)
    .map(([at, time]) => [at, f.shortDay(time)] as const);
  const picture = curves([{ kind: 'total', values: now, isFilled: true }, ...before], labels, {
    ...{ label: t.perHour, format: (value: number) => f.rate(value), height: 150 },
  });
  return figure(t.perHour, picture, [['total', t.now], ...legendOf(writing)]);
}

/** Where days begin among the hours. */
function dayStarts({ from, traffic: { days } }: Report): [at: number, time: number][] {
  return days.map(day => [Math.round((day.from - from) / HOUR), day.from]);
}

function dayTable({ report, t, f }: Writing): string {
  const { days, total } = report.traffic;
  const { now, before } = totals(report);
  const rows = days.map(day => ({ name: f.shortDay(day.from), in: day.in, out: day.out, before: day.before }));
  const all = { name: t.total, in: total.in, out: total.out, before };
  const columns = [
    { head: t.day, cell: (row: (typeof rows)[number]) => escaped(row.name) },
    { head: t.in, cell: (row: (typeof rows)[number]) => f.octets(row.in), isNumber: true },
    { head: t.out, cell: (row: (typeof rows)[number]) => f.octets(row.out), isNumber: true },
    { head: t.total, cell: (row: (typeof rows)[number]) => f.octets(row.in + row.out), isNumber: true },
    {
      head: t.share,
      cell: (row: (typeof rows)[number]) => (now > 0 ? f.share((row.in + row.out) / now) : '–'),
      isNumber: true,
    },
    {
      head: t.beforeHead,
      cell: (row: (typeof rows)[number]) => (row.before > 0 ? f.octets(row.before) : '–'),
      isNumber: true,
    },
    {
      head: t.changeHead,
      cell: (row: (typeof rows)[number]) => f.change(row.in + row.out, row.before) ?? '–',
      isNumber: true,
    },
  ];
  return table(t.numbers, columns, rows, all);
}

function loads({ report, t, f }: Writing): string {
  const { traffic } = report;
  const rows = [
    { name: t.in, now: traffic.in, before: traffic.inBefore },
    { name: t.out, now: traffic.out, before: traffic.outBefore },
  ];
  const rate = (of: 'mean' | 'p95' | 'peak', head: string) => [
    { head, cell: (row: (typeof rows)[number]) => f.rate(row.now[of]), isNumber: true },
    {
      head: t.changeHead,
      cell: (row: (typeof rows)[number]) => f.change(row.now[of], row.before[of]) ?? '–',
      isNumber: true,
    },
  ];
  return table(
    t.loads,
    [
      { head: t.direction, cell: row => escaped(row.name) },
      ...rate('mean', t.mean),
      ...rate('p95', t.p95),
      ...rate('peak', t.peak),
    ],
    rows,
  );
}

function hourField({ report, t, f }: Writing): string {
  const { days, hours } = report.traffic;
  if (days.length > MOST_ROWS) return '';
  const starts = dayStarts(report).map(([at]) => at);
  const rows = days.map(({ from }, i) => {
    const end = starts[i + 1] ?? hours.times.length;
    const values = hours.in.slice(starts[i]!, end).map((value, hour) => value + hours.out[starts[i]! + hour]!);
    return { label: f.shortDay(from), values };
  });
  return figure(t.byHour, heat(rows, t.byHour));
}
