import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { WeirError } from '../../error.js';
import { LAYOUT } from './flows.js';

/** The file of a data directory that says what layout its data are of. */
export class VersionFile {
  readonly #file: string;
  #layout: number;

  private constructor(file: string, layout: number) {
    this.#file = file;
    this.#layout = layout;
  }

  /**
   * Reads the file; makes it where it is not there, as the directory is then a new one.
   * @throws WeirError where it cannot be read, or names no layout that this release knows.
   */
  static open(file: string): VersionFile {
    const layout = read(file);
    if (layout === undefined) {
      const version = new VersionFile(file, LAYOUT);
      version.record(LAYOUT);
      return version;
    }
    if (!Number.isInteger(layout) || (layout as number) < 1 || (layout as number) > LAYOUT) {
      throw new WeirError(
        `${file} says that the data is of layout ${String(layout)}, this Weir knows up to ${LAYOUT}; use the Weir that wrote it, or name another directory with --data`,
      );
    }
    return new VersionFile(file, layout as number);
  }

  get layout(): number {
    return this.#layout;
  }

  /** The data are of this layout now. */
  record(layout: number): void {
    writeFileSync(`${this.#file}.part`, `${JSON.stringify({ schema: layout })}\n`);
    renameSync(`${this.#file}.part`, this.#file);
    this.#layout = layout;
  }
}

/** What the file says; undefined where there is none. */
function read(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { schema?: unknown }).schema ?? 'unknown';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new WeirError(
      `cannot read ${file}: ${(error as Error).message}; name another directory with --data, or restore the file`,
    );
  }
}
