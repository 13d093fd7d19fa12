import {
  closeSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join as joinPath } from 'node:path';
import { eachMessage, join, sequenceOf, TemplateBook, wholeMessages } from '../exporting/template-book.js';
import { CHUNK_OCTETS, type Chunk, countRecords } from './chunk.js';

const SUFFIX = '.ipfix';
/** Room below for Messages that go back to the front. */
const FIRST_INDEX = 10_000_000;

interface Segment {
  readonly index: number;
  octets: number;
}

/**
 * The spool of one run of the Exporting Process: Messages in order in segments, each an IPFIX file that begins with its
 * Templates. Written at the back, read at the front, and removed from there once delivered.
 */
export class SpoolRun {
  readonly #segments: Segment[];
  /** The segment being written is the last one; undefined where none is. */
  #writing: number | undefined;
  /** Descriptor, place in the list, and offset of what is read next. */
  #reading: number | undefined;
  #readingIndex = 0;
  #offset = 0;

  /** @param directory with the segments of a former run, or none */
  constructor(
    readonly directory: string,
    private readonly segmentOctets: number,
  ) {
    const indexes = readdirSync(directory)
      .filter(name => name.endsWith(SUFFIX))
      .map(name => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
    this.#segments = indexes.map(index => ({ index, octets: statSync(this.#path(index)).size }));
  }

  /** Octets on disk. */
  get octets(): number {
    return this.#segments.reduce((sum, { octets }) => sum + octets, 0);
  }

  get segmentCount(): number {
    return this.#segments.length;
  }

  /** Everything has been read. */
  get isRead(): boolean {
    return this.#readingIndex >= this.#segments.length;
  }

  /** Adds whole Messages. @throws where the disk does not take them: nothing was written then */
  write(messages: Uint8Array, templates: TemplateBook, exportSeconds: number): void {
    const open = this.#writing === undefined ? undefined : this.#segments.at(-1);
    if (open !== undefined && open.octets < this.segmentOctets) {
      this.#append(open, messages);
      return;
    }
    this.#endWriting();
    const index = (this.#segments.at(-1)?.index ?? FIRST_INDEX - 1) + 1;
    const segment = { index, octets: 0 };
    this.#writing = openSync(this.#path(index), 'wx', 0o640);
    this.#segments.push(segment);
    this.#append(segment, join([templates.messages(exportSeconds, sequenceOf(messages)), messages]));
  }

  /** The next Messages; undefined where all have been read. @throws where the disk does not give them */
  take(): Chunk | undefined {
    const segment = this.#segments[this.#readingIndex];
    if (segment === undefined) return undefined;
    this.#reading ??= openSync(this.#path(segment.index), 'r');
    const buffer = new Uint8Array(Math.min(CHUNK_OCTETS * 2, segment.octets - this.#offset));
    const got = readSync(this.#reading, buffer, 0, buffer.length, this.#offset);
    const whole = wholeMessages(buffer.subarray(0, got), CHUNK_OCTETS);
    this.#offset += whole;
    // What is not whole was cut short by a crash, and can only be the end.
    const ends = whole === 0 || this.#offset >= segment.octets;
    if (!ends) return { bytes: buffer.subarray(0, whole) };
    this.#endReading();
    if (this.#readingIndex === this.#segments.length - 1) this.#endWriting();
    this.#readingIndex++;
    return { bytes: buffer.subarray(0, whole), delivered: () => this.#remove(segment) };
  }

  /** Removes the oldest segment. @returns the Data Records of it that were not read */
  dropOldest(): number {
    const [segment] = this.#segments;
    if (segment === undefined) return 0;
    const read = this.#readingIndex > 0 ? segment.octets : this.#offset;
    if (this.#readingIndex === 0) this.#endReading();
    if (this.#segments.length === 1) this.#endWriting();
    const bytes = readFileSync(this.#path(segment.index));
    const templates = new TemplateBook();
    eachMessage(bytes, message => templates.learn(message));
    this.#remove(segment);
    return countRecords(templates, bytes.subarray(read));
  }

  /** Puts Messages that were read back to the front, for a later run. @throws where the disk does not take them */
  putBack(chunks: readonly Uint8Array[], templates: TemplateBook, exportSeconds: number): void {
    const current = this.#offset > 0 ? this.#segments[this.#readingIndex] : undefined;
    const rest = current === undefined ? [] : [readFileSync(this.#path(current.index)).subarray(this.#offset)];
    const messages = join([...chunks, ...rest]);
    const old = this.#segments.slice(0, this.#readingIndex + (current === undefined ? 0 : 1));
    this.#endReading();
    if (current !== undefined) this.#endWriting();
    if (messages.length > 0) {
      const index = old[0]?.index ?? (this.#segments[0]?.index ?? FIRST_INDEX) - 1;
      const whole = join([templates.messages(exportSeconds, sequenceOf(messages)), messages]);
      writeFileSync(`${this.#path(index)}.part`, whole, { mode: 0o640 });
      renameSync(`${this.#path(index)}.part`, this.#path(index));
      const known = old.shift();
      if (known === undefined) this.#segments.unshift({ index, octets: whole.length });
      else known.octets = whole.length;
    }
    for (const segment of old) this.#remove(segment);
    this.#readingIndex = 0;
  }

  /** Closes the files. The directory goes where nothing is left in it. */
  close(): void {
    this.#endWriting();
    this.#endReading();
    if (this.#segments.length === 0) rmSync(this.directory, { recursive: true, force: true });
  }

  #append(segment: Segment, bytes: Uint8Array): void {
    const descriptor = this.#writing!;
    try {
      for (let at = 0; at < bytes.length; ) {
        at += writeSync(descriptor, bytes, at, bytes.length - at, segment.octets + at);
      }
      segment.octets += bytes.length;
    } catch (error) {
      ftruncateSync(descriptor, segment.octets);
      if (segment.octets === 0) {
        this.#endWriting();
        this.#remove(segment);
      }
      throw error;
    }
  }

  #remove(segment: Segment): void {
    const at = this.#segments.indexOf(segment);
    if (at < 0) return;
    rmSync(this.#path(segment.index), { force: true });
    this.#segments.splice(at, 1);
    if (at < this.#readingIndex) this.#readingIndex--;
  }

  #endWriting(): void {
    if (this.#writing !== undefined) closeSync(this.#writing);
    this.#writing = undefined;
  }

  #endReading(): void {
    if (this.#reading !== undefined) closeSync(this.#reading);
    this.#reading = undefined;
    this.#offset = 0;
  }

  #path(index: number): string {
    return joinPath(this.directory, `${String(index).padStart(8, '0')}${SUFFIX}`);
  }
}
