import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Letter, Mail } from '../alerting/senders/mail.js';
import { reasonOf } from '../alerting/senders/reason.js';
import { dayAt, printDay } from '../analysis/billing/zone.js';
import type { ScheduledReport } from '../config/options/reports.js';
import { gather, type ReportSources } from './gather.js';
import { outlineOf, reportPage } from './html/page.js';
import { pdfOf } from './pdf.js';
import { dueAt, lastWhole, type Span, wholeAt } from './period.js';

/** Milliseconds between two looks whether something is due. */
const LOOK = 20_000;
/** What failed is tried again after that. */
const RETRY = 900_000;
const SEND_PATIENCE = 120_000;

const TYPES = { html: 'text/html; charset=utf-8', pdf: 'application/pdf' } as const;

export interface ScheduleOptions {
  readonly reports: readonly ScheduledReport[];
  readonly sources: ReportSources;
  readonly version: string;
  /** Keeps which were made. */
  readonly file: string;
  readonly log: (line: string) => void;
}

/** How a report is that is made by itself. Times in milliseconds since the epoch. */
export interface ScheduledState {
  readonly report: ScheduledReport;
  /** When the next one is due, or the one is tried again that failed. */
  readonly next: number;
  /** End of the period of the last one that was made; undefined: none yet. */
  readonly last: number | undefined;
  readonly problem: string | undefined;
}

/** Makes reports when they are due, once each: one that fell into a time without a collector is made at its start. */
export class Schedule {
  readonly #options: ScheduleOptions;
  /** By name: the end of the last period that is done, or was over when the report was first known. */
  readonly #done: Map<string, number>;
  readonly #made = new Map<string, number>();
  readonly #failed = new Map<string, { readonly to: number; readonly at: number; readonly problem: string }>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  readonly #stopped = new AbortController();

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#done = this.#read();
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#working = this.#working.then(() => this.look(Date.now()));
    }, LOOK);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort(new Error('the collector stops'));
    await this.#working;
  }

  /** Makes what is due. */
  async look(now: number): Promise<void> {
    for (const report of this.#options.reports) {
      const span = lastWhole(report.period, report.timeZone, now);
      const due = dueAt(span, report.timeZone, report.at);
      if (!this.#done.has(report.name)) this.#keep(report.name, due > now ? span.from : span.to);
      if (this.#stopped.signal.aborted || span.to <= this.#done.get(report.name)! || due > now) continue;
      const failed = this.#failed.get(report.name);
      if (failed === undefined || failed.to !== span.to || failed.at + RETRY <= now)
        await this.#make(report, span, now);
    }
  }

  states(now: number): ScheduledState[] {
    return this.#options.reports.map(report => {
      const { name, period, timeZone, at } = report;
      const failed = this.#failed.get(name);
      const due = dueAt(lastWhole(period, timeZone, now), timeZone, at);
      const next = due > now ? due : dueAt(wholeAt(period, timeZone, now), timeZone, at);
      return {
        ...{ report, last: this.#made.get(name), problem: failed?.problem },
        next: failed === undefined ? next : failed.at + RETRY,
      };
    });
  }

  async #make(report: ScheduledReport, span: Span, now: number): Promise<void> {
    const { log } = this.#options;
    try {
      const letter = await this.#written(report, span, now);
      if (report.mail !== undefined) {
        const patience = AbortSignal.any([AbortSignal.timeout(SEND_PATIENCE), this.#stopped.signal]);
        await new Mail(report.mail).deliver(letter, patience);
      }
    } catch (error) {
      const problem = report.mail === undefined ? (error as Error).message : reasonOf(error, report.mail);
      if (!this.#failed.has(report.name)) log(`the report "${report.name}" cannot be made, trying on: ${problem}`);
      this.#failed.set(report.name, { to: span.to, at: now, problem });
      return;
    }
    this.#failed.delete(report.name);
    this.#made.set(report.name, span.to);
    this.#keep(report.name, span.to);
    log(`the report "${report.name}" is made${report.mail === undefined ? '' : ` and sent by ${report.mail.name}`}`);
  }

  /** Writes its files. @returns what is sent of it */
  async #written(report: ScheduledReport, span: Span, now: number): Promise<Letter> {
    const { sources, version } = this.#options;
    const data = await gather(sources, { ...report, ...span }, now);
    const page = reportPage(data, report.language, version);
    const name = `${report.name}-${printDay(dayAt(report.timeZone, span.from))}`;
    const attachments = [];
    mkdirSync(report.directory, { recursive: true, mode: 0o750 });
    for (const format of report.formats) {
      const content = Buffer.from(format === 'html' ? page : await pdfOf(page));
      const filename = `${name}.${format}`;
      writeWhole(join(report.directory, filename), content);
      clear(report, format);
      attachments.push({ filename, content, contentType: TYPES[format] });
    }
    const { title, span: when, findings } = outlineOf(data, report.language);
    const text = [title, when, '', ...findings.map(finding => `- ${finding}`)].join('\n');
    return { id: `report-${name}-${now}`, subject: `Weir: ${title}, ${when}`, text, attachments };
  }

  #read(): Map<string, number> {
    const { file, log } = this.#options;
    if (!existsSync(file)) return new Map();
    try {
      const done = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      return new Map(Object.entries(done).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
    } catch (error) {
      log(`${file} cannot be read (${(error as Error).message}): reports go on with the next period`);
      return new Map();
    }
  }

  #keep(name: string, to: number): void {
    this.#done.set(name, to);
    try {
      writeWhole(this.#options.file, Buffer.from(`${JSON.stringify(Object.fromEntries(this.#done))}\n`));
    } catch (error) {
      this.#options.log(`it is not kept over a restart which reports were made: ${(error as Error).message}`);
    }
  }
}

/** The file appears under its name when it is whole. */
function writeWhole(file: string, content: Buffer): void {
  writeFileSync(`${file}.part`, content, { mode: 0o640 });
  renameSync(`${file}.part`, file);
}

/** Removes the oldest files of a report beyond those that are kept. */
function clear({ name, directory, keep }: ScheduledReport, format: string): void {
  const isIts = (file: string) =>
    file.startsWith(`${name}-`) && /^\d{4}-\d{2}-\d{2}\.[a-z]+$/.test(file.slice(name.length + 1));
  const files = readdirSync(directory).filter(file => isIts(file) && file.endsWith(`.${format}`));
  for (const file of files.sort().slice(0, -keep)) rmSync(join(directory, file), { force: true });
}
