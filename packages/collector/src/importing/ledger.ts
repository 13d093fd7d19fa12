import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A file that was taken into the store, or begun to be. */
export interface ImportedFile {
  readonly digest: string;
  readonly name: string;
  /** When it began, RFC 3339. */
  readonly begun: string;
  /** Flow Records of it; absent where the import did not come to its end. */
  readonly records?: number;
}

/** Imports that are remembered: the last so many. */
const MOST = 100_000;

/** Which files are in the store, in a file of the data directory. */
export class ImportLedger {
  readonly #file: string;
  readonly #known: Map<string, ImportedFile>;

  /** @throws Error where the file is there and cannot be read */
  constructor(file: string) {
    this.#file = file;
    this.#known = new Map(read(file).map(entry => [entry.digest, entry]));
  }

  of(digest: string): ImportedFile | undefined {
    return this.#known.get(digest);
  }

  /** Keeps it before anything that follows is done. @throws Error where it cannot be written */
  keep(entry: ImportedFile): void {
    this.#known.delete(entry.digest);
    this.#known.set(entry.digest, entry);
    for (const digest of this.#known.keys()) {
      if (this.#known.size <= MOST) break;
      this.#known.delete(digest);
    }
    const part = `${this.#file}.part`;
    writeFileSync(part, `${JSON.stringify([...this.#known.values()], undefined, 1)}\n`, { mode: 0o600 });
    renameSync(part, this.#file);
  }
}

function read(file: string): ImportedFile[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ImportedFile[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
