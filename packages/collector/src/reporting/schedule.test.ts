import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { resolveConfig } from '../config/config.js';
import type { ScheduledReport } from '../config/options/reports.js';
import { insertRecords, openTestStore, type TestStore } from '../store/testing/store.js';
import type { ReportSources } from './gather.js';
import { Schedule } from './schedule.js';
import { twoWeeks } from './testing/weeks.js';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
/** A Monday, at 06:00 in Berlin. */
const DUE = Date.parse('2026-11-23T05:00:00Z');
let opened: TestStore;
let directory: string;
let logged: string[];

beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, twoWeeks(Date.parse('2026-11-22T23:00:00Z'), 2000));
}, 60_000);
afterAll(() => opened.end());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-schedule-'));
  logged = [];
  return () => rmSync(directory, { recursive: true });
});

function sources(): ReportSources {
  return {
    ...{ store: opened.store, capacities: [], localNetworks: ['10.0.0.0/8'], asNames: new Map(), namesOf: () => [] },
    ...{ billing: undefined, mesh: { topologies: () => [] }, events: { list: async () => [] } },
    status: () => ({ version: '1.2.3', startedAt: 0, exporters: [] }),
  } as unknown as ReportSources;
}

function reportsOf(more: object = {}, alerts: string[] = []): readonly ScheduledReport[] {
  const report = { name: 'board', timezone: 'Europe/Berlin', directory: join(directory, 'out'), ...more };
  return resolveConfig({ reports: [report], alerts, data: directory }).reports;
}

function schedule(reports: readonly ScheduledReport[]): Schedule {
  const log = (line: string) => logged.push(line);
  return new Schedule({ reports, sources: sources(), version: '1.2.3', file: join(directory, 'reports.json'), log });
}

const files = () => readdirSync(join(directory, 'out')).sort();

test('a week is reported on Monday morning, once', async () => {
  const board = schedule(reportsOf());
  await board.look(DUE - DAY);
  expect(board.states(DUE - DAY)).toMatchObject([{ next: DUE, last: undefined, problem: undefined }]);
  await board.look(DUE - MINUTE);
  expect(logged).toEqual([]);
  await board.look(DUE);
  expect(files()).toEqual(['board-2026-11-16.html']);
  expect(logged).toEqual(['the report "board" is made']);
  const page = readFileSync(join(directory, 'out/board-2026-11-16.html'), 'utf8');
  expect(page).toMatch(/<h1>All traffic<\/h1><p>16.*22 November 2026, by the clocks of Europe\/Berlin<\/p>/);
  expect(page).toContain('by Weir 1.2.3');
  await board.look(DUE + HOUR);
  // And after a restart.
  const again = schedule(reportsOf());
  await again.look(DUE + 2 * HOUR);
  expect(logged).toHaveLength(1);
  expect(again.states(DUE + 2 * HOUR)).toMatchObject([{ next: DUE + 7 * DAY }]);
  await again.look(DUE + 7 * DAY);
  expect(files()).toEqual(['board-2026-11-16.html', 'board-2026-11-23.html']);
}, 60_000);

test('what fell into a time without a collector is made at its start; what was over before it was configured is not', async () => {
  await schedule(reportsOf()).look(DUE + DAY);
  expect(logged).toEqual([]);
  await schedule(reportsOf()).look(DUE + 9 * DAY);
  expect(files()).toEqual(['board-2026-11-23.html']);
}, 60_000);

test('only so many files are kept, and nobody else loses any', async () => {
  const few = reportsOf({ period: 'day', keep: 2, at: '00:30' });
  const both = schedule([...few, ...reportsOf({ name: 'board-2' })]);
  for (let day = -1; day < 4; day++) await both.look(DUE + day * DAY);
  expect(files()).toEqual(['board-2-2026-11-16.html', 'board-2026-11-24.html', 'board-2026-11-25.html']);
}, 90_000);

test('by e-mail, again until it was taken', async () => {
  const mails: { to: string[]; mail: string }[] = [];
  const server = new SMTPServer({
    ...{ logger: false, authOptional: true, disabledCommands: ['STARTTLS'] },
    onData(stream, { envelope }, done) {
      let mail = '';
      stream.on('data', chunk => (mail += chunk));
      stream.on('end', () => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), mail });
        done(null, 'queued');
      });
    },
  });
  server.on('error', () => {});
  const listen = (port: number) => new Promise<void>(done => server.listen(port, '127.0.0.1', () => done()));
  await listen(0);
  const { port } = server.server.address() as AddressInfo;
  await new Promise<void>(done => server.close(() => done()));
  const channel = `noc=smtp+plain://127.0.0.1:${port}?from=weir@example.org&to=noc@example.org`;
  const reports = reportsOf({ mail: 'noc', to: ['board@example.org'], language: 'de', title: 'Büro' }, [channel]);
  const board = schedule(reports);
  await board.look(DUE - DAY);
  await board.look(DUE);
  expect(logged).toEqual([
    expect.stringMatching(/^the report "board" cannot be made, trying on: nobody listens there/),
  ]);
  expect(board.states(DUE)).toMatchObject([
    { next: DUE + 15 * MINUTE, problem: expect.stringMatching(/nobody listens/) },
  ]);
  const smtp = new SMTPServer((server as unknown as { options: object }).options);
  smtp.on('error', () => {});
  await new Promise<void>(done => smtp.listen(port, '127.0.0.1', () => done()));
  await board.look(DUE + MINUTE);
  expect(mails).toEqual([]);
  await board.look(DUE + 15 * MINUTE);
  await new Promise<void>(done => smtp.close(() => done()));
  expect(logged[1]).toBe('the report "board" is made and sent by noc');
  expect(mails.map(({ to }) => to)).toEqual([['board@example.org']]);
  const { mail } = mails[0]!;
  expect(mail).toMatch(/^Content-Type: text\/html;.*name=board-2026-11-16\.html/m);
  expect(mail).toMatch(/^Content-Disposition: attachment; filename=board-2026-11-16\.html/m);
  expect(mail).toMatch(/^Subject: .*Wochenbericht/m);
  expect(board.states(DUE + HOUR)).toMatchObject([{ problem: undefined, next: DUE + 7 * DAY }]);
}, 90_000);

test.each([
  [{ timezone: 'Mars' }, 'reports: "board": there is no time zone "Mars"'],
  [{ network: '10.0.0.0/99' }, '"10.0.0.0/99" is no network'],
  [{ filter: 'port >' }, 'filter, column 7: '],
  [{ mail: 'noc' }, 'mail: "noc" is no channel of alerts that sends e-mail (smtp://...); there is none'],
  [{ to: ['a@b'] }, 'say by which channel of alerts, with mail'],
  [{ at: '25:00' }, 'reports/0/at'],
  [{ period: 'year' }, 'reports/0/period'],
])('%j is refused', (more, message) => {
  expect(() => reportsOf(more)).toThrow(message);
});

test('two of one name are refused', () => {
  expect(() => resolveConfig({ reports: [{ name: 'a' }, { name: 'a' }] })).toThrow('reports: "a" is the name of two');
});
