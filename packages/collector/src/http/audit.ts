import { appendFileSync, existsSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AuditLine } from './types.js';

const LARGEST_OCTETS = 10_000_000;
const PERIOD_MILLISECONDS = 60_000;
const REFUSALS_A_PERIOD = 20;

/** A line but for its time. */
export type AuditEvent = Omit<AuditLine, 'time' | 'unlisted'>;

/**
 * Who changed what, who logged in, and who was refused: a JSON object a line, in two files of 10 MB. No secret is in any. Strangers
 * can have refusals written as often as they like, so that of these only some a minute are listed, the others counted.
 */
export class Audit {
  readonly counters = { lines: 0, problems: 0 };
  #lastTime = 0;
  #period = { since: 0, refusals: 0 };
  #unlisted = 0;

  constructor(
    readonly file: string,
    readonly log: (line: string) => void,
    readonly now: () => number = Date.now,
    readonly largest = LARGEST_OCTETS,
  ) {}

  write(event: AuditEvent): void {
    // No two lines have one time, so that a page of them can end between any two.
    const time = Math.max(this.now(), this.#lastTime + 1);
    if (event.outcome === 'refused' && !this.#mayList(time)) {
      this.#unlisted++;
      return;
    }
    this.#lastTime = time;
    const line: AuditLine = { time, ...event, ...(this.#unlisted > 0 ? { unlisted: this.#unlisted } : {}) };
    this.#unlisted = 0;
    try {
      this.#rotate();
      appendFileSync(this.file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
      this.counters.lines++;
    } catch (error) {
      this.counters.problems++;
      this.log(`cannot write to ${this.file}: ${(error as Error).message}`);
    }
  }

  /** The newest lines from before a time, newest first. */
  async read(before: number, limit: number): Promise<AuditLine[]> {
    const found: AuditLine[] = [];
    for (const file of [this.file, `${this.file}.1`]) {
      for (const text of (await linesOf(file)).reverse()) {
        if (found.length >= limit) return found;
        const line = parse(text);
        if (line !== undefined && line.time < before) found.push(line);
      }
    }
    return found;
  }

  #mayList(time: number): boolean {
    const { since } = this.#period;
    if (time >= since + PERIOD_MILLISECONDS || time < since) this.#period = { since: time, refusals: 0 };
    return ++this.#period.refusals <= REFUSALS_A_PERIOD;
  }

  #rotate(): void {
    const octets = statSync(this.file, { throwIfNoEntry: false })?.size ?? 0;
    if (octets >= this.largest) renameSync(this.file, `${this.file}.1`);
  }
}

async function linesOf(file: string): Promise<string[]> {
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n') : [];
}

/** A line that a crash cut short is none. */
function parse(text: string): AuditLine | undefined {
  try {
    return text === '' ? undefined : (JSON.parse(text) as AuditLine);
  } catch {
    return undefined;
  }
}
