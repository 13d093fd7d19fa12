import { closeSync, readdirSync, renameSync, rmdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import type { CollectorCounters } from '../exporting/collector-counters.js';
import { eachMessage, type TemplateBook } from '../exporting/template-book.js';
import { makeDirectory } from '../host/directory.js';
import { openLocked } from '../host/file-lock.js';
import { countRecords } from './chunk.js';
import { SpoolRun } from './spool-run.js';

const SEGMENT_OCTETS = 1_048_576;
/** A spool holds so many segments at least, so that dropping the oldest costs a small part of it. */
const SEGMENTS = 16;

/** A run's directory is locked by the one that it belongs to, and named with a dot until it is. */
const LOCK = 'lock';
const UNFINISHED = '.';
let runs = 0;

/**
 * Where the Messages for one collector wait on disk while they cannot be sent: of this run, and those that former runs left. All
 * together stay below a bound; beyond it the oldest are dropped and counted.
 */
export class Spool {
  /** Left by former runs, oldest first. */
  readonly former: SpoolRun[] = [];
  #own: SpoolRun | undefined;
  readonly #locks: number[] = [];
  readonly #segmentOctets: number;
  #complained = false;

  /**
   * @param directory of this collector
   * @param limit octets
   * @throws where the directory cannot be made
   */
  constructor(
    readonly directory: string,
    private readonly limit: number,
    private readonly counters: CollectorCounters,
    private readonly log: (line: string) => void,
  ) {
    this.#segmentOctets = Math.min(SEGMENT_OCTETS, Math.ceil(limit / SEGMENTS));
    makeDirectory(directory);
    this.adopt();
    this.#count();
  }

  /** Of this run; undefined until something had to be kept. */
  get own(): SpoolRun | undefined {
    return this.#own;
  }

  /** Keeps whole Messages of this run, behind those that it has. What cannot be kept is counted. */
  write(messages: Uint8Array, templates: TemplateBook): void {
    while (this.#octets() + messages.length > this.limit && this.#dropOldest('it is full'));
    for (;;) {
      try {
        this.#ownRun().write(messages, templates, Math.floor(Date.now() / 1000));
        this.counters.addSpooled(messages.length);
        break;
      } catch (error) {
        if (this.#dropOldest((error as NodeJS.ErrnoException).code ?? String(error))) continue;
        this.counters.addSpoolDropped(countRecords(templates, messages));
        break;
      }
    }
    eachMessage(messages, message => templates.learn(message));
    this.#count();
  }

  /** Puts Messages that were sent but perhaps not received to the front of a run. */
  putBack(run: SpoolRun | undefined, messages: readonly Uint8Array[], templates: TemplateBook): void {
    try {
      (run ?? this.#ownRun()).putBack(messages, templates, Math.floor(Date.now() / 1000));
    } catch (error) {
      this.#complain((error as NodeJS.ErrnoException).code ?? String(error));
      for (const each of messages) this.counters.addSpoolDropped(countRecords(templates, each));
    }
    this.#count();
  }

  /** The oldest former run is delivered. */
  endFormer(): void {
    this.former.shift()?.close();
    this.#count();
  }

  /** What is delivered leaves the disk: to be called now and then. */
  count(): void {
    this.#count();
  }

  close(): void {
    for (const run of [...this.former, ...(this.#own === undefined ? [] : [this.#own])]) run.close();
    for (const descriptor of this.#locks.splice(0)) closeSync(descriptor);
    if (readdirSync(this.directory).length === 0) rmdirSync(this.directory);
  }

  #ownRun(): SpoolRun {
    if (this.#own === undefined) {
      const name = `${Date.now()}-${process.pid}-${++runs}`;
      const unfinished = joinPath(this.directory, `${UNFINISHED}${name}`);
      makeDirectory(unfinished);
      this.#lock(unfinished);
      const path = joinPath(this.directory, name);
      renameSync(unfinished, path);
      this.#own = new SpoolRun(path, this.#segmentOctets);
    }
    return this.#own;
  }

  /** Takes over the runs that nobody holds any more. */
  adopt(): void {
    const names = readdirSync(this.directory).filter(name => !name.startsWith(UNFINISHED));
    for (const path of names.sort().map(name => joinPath(this.directory, name))) {
      if (this.#own?.directory === path || this.former.some(run => run.directory === path) || !this.#lock(path))
        continue;
      const run = new SpoolRun(path, this.#segmentOctets);
      if (run.segmentCount > 0) this.former.push(run);
      else run.close();
    }
  }

  #lock(path: string): boolean {
    const lock = openLocked(joinPath(path, LOCK));
    if (lock !== undefined) this.#locks.push(lock);
    return lock !== undefined;
  }

  #octets(): number {
    return this.former.reduce((sum, { octets }) => sum + octets, this.#own?.octets ?? 0);
  }

  /** @returns whether there was something to drop */
  #dropOldest(why: string): boolean {
    const run = this.former.find(({ segmentCount }) => segmentCount > 0) ?? this.#own;
    if (run === undefined || run.segmentCount === 0) return false;
    this.#complain(why);
    this.counters.addSpoolDropped(run.dropOldest());
    return true;
  }

  #complain(why: string): void {
    if (this.#complained) return;
    this.#complained = true;
    this.log(
      `the spool ${this.directory} cannot keep more (${why}): the oldest records are dropped and counted; see --spool-size and the free space`,
    );
  }

  #count(): void {
    const octets = this.#octets();
    this.counters.setSpool(octets);
    if (octets === 0) this.#complained = false;
  }
}
