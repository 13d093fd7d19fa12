import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { WeirError } from '../error.js';
import { SessionView } from '../exporting/session-view.js';
import { join, TemplateBook, wholeMessages } from '../exporting/template-book.js';
import type { Clock, MessageSink } from '../host/host.js';
import { fileNameAt } from './file-name.js';

const MESSAGE_OCTETS = 8192;
const LARGEST_MESSAGE = 65_535;
const READ_OCTETS = 1_048_576;
const STANDARD_OUTPUT = 1;
const OPEN_AGAIN_MILLISECONDS = 1000;
/** A Message that withdraws all Templates and all Options Templates (RFC 7011 section 8.1). */
const WITHDRAWAL = Uint8Array.of(
  ...[0, 10, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ...[0, 2, 0, 8, 0, 2, 0, 0],
  ...[0, 3, 0, 8, 0, 3, 0, 0],
);

export interface FileOptions {
  /** "-" is standard output; with rotation it has conversions of strftime(3) for the time. */
  readonly path: string;
  /** A new file at each multiple of so many seconds, and before a file grows beyond so many octets. */
  readonly rotateSeconds?: number | undefined;
  readonly rotateOctets?: number | undefined;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * IPFIX files (RFC 5655): Messages one behind the other. Each file is a Transport Session: it begins with the Templates known
 * so far. A file that is rotated is called NAME.part while it grows. One that is there already is continued as a session that
 * begins with the withdrawal of all Templates. Where the disk is full a file ends with its last whole Message until there is room.
 */
export class FileSink implements MessageSink {
  readonly messageOctets = MESSAGE_OCTETS;
  readonly keeps = false;
  readonly #templates = new TemplateBook();
  readonly #rotates: boolean;
  #view = new SessionView(this.#templates);
  #descriptor: number | undefined;
  /** Octets of the file, undefined where it has no such thing (a pipe). */
  #size: number | undefined;
  #name = '';
  #begun = 0;
  #nextOpen = 0;
  #withdraws = false;
  #complained = false;

  /** @throws WeirError where the file cannot be written */
  constructor(private readonly options: FileOptions) {
    this.#rotates = options.rotateSeconds !== undefined || options.rotateOctets !== undefined;
    try {
      this.#open();
    } catch (error) {
      throw error instanceof WeirError ? error : new WeirError(this.#cannotOpen(error));
    }
  }

  room(): number {
    return Number.POSITIVE_INFINITY;
  }

  isConnected(): boolean {
    this.#rotate(0);
    return true;
  }

  wasRefused(): boolean {
    return false;
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    const messages: Uint8Array[] = [];
    for (let i = 0; i < count; i++) messages.push(bytes.subarray(i * slotOctets, i * slotOctets + lengths[i]));
    const all = join(messages);
    this.#rotate(all.length);
    if (!this.#reopen()) return 0;
    const adapted = this.#view.adapt(all, Math.floor(this.options.clock.wall() / 1000));
    return this.#write(this.#withdraws ? join([WITHDRAWAL, adapted]) : adapted) ? count : 0;
  }

  close(): void {
    if (this.#descriptor === undefined || this.#descriptor === STANDARD_OUTPUT) return;
    closeSync(this.#descriptor);
    this.#descriptor = undefined;
    if (this.#rotates) renameSync(`${this.#name}.part`, this.#name);
  }

  /** All of it, or nothing: what was written of it is taken back. */
  #write(bytes: Uint8Array): boolean {
    const start = this.#size;
    try {
      for (let at = 0; at < bytes.length; ) {
        const position = start === undefined ? null : start + at;
        at += writeSync(this.#descriptor!, bytes, at, bytes.length - at, position);
      }
    } catch (error) {
      if (start !== undefined) ftruncateSync(this.#descriptor!, start);
      // What this session was to have had must be told again.
      this.#view = new SessionView(this.#templates);
      this.#complain(`the file ${this.#name} cannot be written (${codeOf(error)}): make room; what comes now is lost`);
      return false;
    }
    if (start !== undefined) this.#size = start + bytes.length;
    this.#withdraws = false;
    this.#recovered();
    return true;
  }

  /** Ends the file when its time is over, or when `octets` more would be too many. */
  #rotate(octets: number): void {
    const { rotateSeconds, rotateOctets, clock } = this.options;
    if (this.#descriptor === undefined || !this.#rotates) return;
    const interval = (rotateSeconds ?? 0) * 1000;
    const over =
      interval > 0 && Math.floor(clock.wall() / interval) !== Math.floor(this.#begun / interval) && this.#size! > 0;
    const full = rotateOctets !== undefined && this.#size! > 0 && this.#size! + octets > rotateOctets;
    if (!over && !full) return;
    try {
      this.close();
    } catch (error) {
      this.#complain(`the file ${this.#name}.part cannot be renamed (${codeOf(error)})`);
    }
  }

  /** @returns whether a file is open */
  #reopen(): boolean {
    if (this.#descriptor !== undefined) return true;
    const now = this.options.clock.monotonic();
    if (now < this.#nextOpen) return false;
    try {
      this.#open();
      this.#recovered();
      return true;
    } catch (error) {
      this.#nextOpen = now + OPEN_AGAIN_MILLISECONDS;
      this.#complain(`${this.#cannotOpen(error)}; what comes now is lost`);
      return false;
    }
  }

  #open(): void {
    this.#begun = this.options.clock.wall();
    this.#view = new SessionView(this.#templates);
    this.#name = this.options.path;
    if (this.#name === '-') {
      this.#descriptor = STANDARD_OUTPUT;
    } else if (this.#rotates) {
      this.#name = freeName(fileNameAt(this.options.path, this.#begun));
      this.#descriptor = openSync(`${this.#name}.part`, 'wx', 0o640);
      this.#size = 0;
    } else {
      this.#descriptor = openSync(this.#name, existsSync(this.#name) ? 'r+' : 'wx+', 0o640);
      if (fstatSync(this.#descriptor).isFile()) this.#continueFile(this.#descriptor);
    }
  }

  #continueFile(descriptor: number): void {
    const { size } = fstatSync(descriptor);
    const whole = endOfMessages(descriptor);
    if (size - whole > LARGEST_MESSAGE || (size > 0 && whole === 0)) {
      closeSync(descriptor);
      throw new WeirError(
        `the file ${this.#name} is there and is no IPFIX file, at offset ${whole}: choose another name, or remove it`,
      );
    }
    // A Message cut short by a crash would hide all that follows it.
    ftruncateSync(descriptor, whole);
    this.#size = whole;
    this.#withdraws = whole > 0;
  }

  #cannotOpen(error: unknown): string {
    return `the file ${this.#name} cannot be made (${codeOf(error)}): look at its directory and at the permissions`;
  }

  #complain(line: string): void {
    if (!this.#complained) this.options.log(line);
    this.#complained = true;
  }

  #recovered(): void {
    if (this.#complained) this.options.log(`the file ${this.#name} is written again`);
    this.#complained = false;
  }
}

/** Octets of the whole Messages that the file begins with. */
function endOfMessages(descriptor: number): number {
  const chunk = new Uint8Array(READ_OCTETS);
  for (let end = 0; ; ) {
    const got = readSync(descriptor, chunk, 0, chunk.length, end);
    const whole = chunk[0] === 0 && chunk[1] === 10 ? wholeMessages(chunk.subarray(0, got), READ_OCTETS) : 0;
    if (whole === 0) return end;
    end += whole;
  }
}

function freeName(name: string): string {
  for (let i = 0; ; i++) {
    const free = i === 0 ? name : `${name}-${i}`;
    if (!existsSync(free) && !existsSync(`${free}.part`)) return free;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
