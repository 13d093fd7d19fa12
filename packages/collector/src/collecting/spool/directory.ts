import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FilledBatch } from '../filled-batch.js';
import { segmentName, segmentStart } from './format.js';
import { segmentsIn } from './reader.js';
import { check, type SavedState } from './saved-state.js';

/** A batch's block in a file, which the store can take over. */
export interface BlockFile extends Omit<FilledBatch, 'block'> {
  readonly path: string;
  readonly octets: number;
}

/** How far a raw spool is decoded. Replaced as a whole: that is what commits a block. */
export interface SpoolState {
  readonly version: 1;
  /** The records of what lies before are in the blocks up to this number, and those are whole. */
  readonly position: number;
  readonly block: number;
  /** File with the rows that lie before the position and wait for others, in no block; absent where there are none. */
  readonly held?: string;
  /** The sessions as they were at a position, that one or an earlier. */
  readonly saved: SavedState;
  readonly savedAt: number;
}

const STATE = 'state.json';
const UNREADABLE = 'unreadable';
const BLOCK = /^([0-9a-f]{8})\.(\d+)\.(\d+)\.(\d+)\.native$/;
const HELD = /^held-([0-9a-f]{8})\.(\d+)\.(\d+)\.(\d+)\.native$/;

/**
 * The directory of one raw spool: its segments, the blocks that were made of them and not yet taken by the store, and the state.
 * A block is written first, then the state that names it; only then is it told of. So a crash leaves either the block and the position
 * behind it, or a block that no state names, which is thrown away and made again.
 */
export class SpoolDirectory {
  readonly path: string;
  /** Number of the last block. */
  #written = 0;
  /** The file of rows that wait, its number, and those that are out of date with the next commit. */
  #held: string | undefined;
  #heldNumber = 0;
  #outdated: string[] = [];
  #savedText = '{"version":1,"streams":[]}';
  #savedAt = 0;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes a new one. */
  static make(path: string): SpoolDirectory {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return new SpoolDirectory(path);
  }

  /** The state at the last commit; undefined where there was none. Throws where it cannot be read. */
  state(): SpoolState | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.path, STATE), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const state = JSON.parse(text) as SpoolState;
    if (state.version !== 1) throw new Error(`${this.path}: a state of version ${String(state.version)}`);
    check(state.saved);
    this.#written = state.block;
    // Its name is never given to another: a file under it would count though no state has named that.
    this.#heldNumber = state.held === undefined ? 0 : Number.parseInt(HELD.exec(state.held)?.[1] ?? '', 16);
    this.#savedText = JSON.stringify(state.saved);
    this.#savedAt = state.savedAt;
    return state;
  }

  /** The blocks that are whole, oldest first, and that of the rows that waited: nobody waits for them any more. Others are removed. */
  blocks(): BlockFile[] {
    const { block: last, held } = this.state() ?? { block: 0 };
    const blocks: BlockFile[] = [];
    for (const name of readdirSync(this.path).sort()) {
      const match = BLOCK.exec(name) ?? HELD.exec(name);
      if (match === null) continue;
      const path = join(this.path, name);
      const [rows, from, to] = match.slice(2).map(Number);
      if (name === held || (BLOCK.test(name) && Number.parseInt(match[1]!, 16) <= last)) {
        blocks.push({ path, octets: statSync(path).size, rows: rows!, from: from!, to: to! });
      } else rmSync(path);
    }
    return blocks;
  }

  /** Makes the batch's block a file; it counts from the next commit on. Throws where it cannot. */
  write(batch: FilledBatch): BlockFile {
    const path = this.#writeFile('', this.#written + 1, batch);
    this.#written++;
    const { block, rows, from, to } = batch;
    return { path, octets: block.reduce((sum, part) => sum + part.length, 0), rows, from, to };
  }

  /** Makes a file of the rows that wait now, in the place of that before; it counts from the next commit on. Throws where it cannot. */
  hold(batch: FilledBatch | undefined): void {
    const path = batch && this.#writeFile('held-', this.#heldNumber + 1, batch);
    if (this.#held !== undefined) this.#outdated.push(this.#held);
    this.#held = path && basename(path);
    this.#heldNumber++;
  }

  #writeFile(prefix: string, number: number, { block, rows, from, to }: FilledBatch): string {
    const name = `${prefix}${number.toString(16).padStart(8, '0')}.${rows}.${from}.${to}.native`;
    const path = join(this.path, name);
    const descriptor = openSync(path, 'w', 0o600);
    try {
      for (const part of block) writeFileSync(descriptor, part);
    } finally {
      closeSync(descriptor);
    }
    return path;
  }

  /**
   * Makes the blocks written so far, and what is held, those of what lies before the position; or leaves all as it was, and throws.
   * @param saved the sessions at that position, as JSON; where it is left out, the last ones are gone on from
   */
  commit(position: number, saved: string | undefined): void {
    const savedAt = saved === undefined ? this.#savedAt : position;
    this.#replaceState({ position, block: this.#written, savedText: saved ?? this.#savedText, savedAt });
    for (const name of this.#outdated.splice(0)) rmSync(join(this.path, name), { force: true });
  }

  #replaceState(next: { position: number; block: number; savedText: string; savedAt: number }): void {
    const { position, block, savedText, savedAt } = next;
    const part = join(this.path, `${STATE}.part`);
    const rest = JSON.stringify({ version: 1, position, block, held: this.#held, savedAt });
    writeFileSync(part, `${rest.slice(0, -1)},"saved":${savedText}}`, { mode: 0o600 });
    renameSync(part, join(this.path, STATE));
    this.#savedText = savedText;
    this.#savedAt = savedAt;
  }

  /** From here on it is needed after a crash. */
  get neededFrom(): number {
    return this.#savedAt;
  }

  /** Removes the segments of which nothing is needed any more; the newest stays, as it is being written. */
  free(): void {
    const starts = segmentsIn(this.path);
    for (let i = 0; i + 1 < starts.length && starts[i + 1]! <= this.#savedAt; i++) {
      unlinkSync(join(this.path, segmentName(starts[i]!)));
    }
  }

  /** Out of the way, to be looked at: it cannot be used. One is kept. @returns its new path */
  putAside(): string {
    const aside = join(dirname(this.path), UNREADABLE);
    rmSync(aside, { recursive: true, force: true });
    renameSync(this.path, aside);
    return aside;
  }

  /** Removes all: everything has been decoded and taken. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Raw spools of earlier runs below a directory, oldest first. Empty ones are removed. */
export function spoolsIn(directory: string): SpoolDirectory[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const paths = readdirSync(directory)
    .filter(name => name !== UNREADABLE)
    .sort()
    .map(name => join(directory, name));
  return paths.filter(path => isUsed(path)).map(path => new SpoolDirectory(path));
}

function isUsed(path: string): boolean {
  const isUsed = readdirSync(path).some(name => name === STATE || segmentStart(name) !== undefined);
  if (!isUsed) rmSync(path, { recursive: true });
  return isUsed;
}

/** Name of a new run's spool: names of later runs sort behind it. */
export function spoolName(run: number, worker: number): string {
  return `${run.toString(16).padStart(12, '0')}-${worker.toString().padStart(3, '0')}`;
}
